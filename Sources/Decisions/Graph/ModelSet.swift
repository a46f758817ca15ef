package import Kernel

/// A model with those it imports, ready to be evaluated (决策模型及其引用).
package struct ModelSet: Sendable {
    /// The most elements that one answer may need; more are refused.
    package static let needLimit = 10_000

    package static let importDepthLimit = 16

    package let main: DecisionModel
    /// By namespace.
    let models: [String: DecisionModel]

    package init(_ main: DecisionModel, imported: [DecisionModel] = []) {
        self.main = main
        models = Dictionary((imported + [main]).map { ($0.namespace, $0) }, uniquingKeysWith: { $1 })
    }

    /// The value of one decision or decision service of the main model.
    package struct Answer: Sendable {
        package let value: Value
        /// What the tables on the way had to object.
        package let objections: [DecisionError]
    }

    /// The decisions that have a value of their own.
    package var decisions: [String] { main.elements.filter(\.isDecision).map(\.name) }

    /// Inputs given as JSON: texts become dates, times and durations where an input is of such a type.
    package func inputs(_ json: JSON) -> Context {
        guard case .object(let members) = json else { return Context() }
        return Context(
            members.map { member in
                let type = main.element(named: member.name)?.type
                return (member.name, type?.reading(member.value) ?? Value(json: member.value))
            })
    }

    /// The value of a decision, or of a decision service for inputs by the names of its parameters.
    ///
    /// Inputs of an imported model are entries of a context that has the import's name. What is not given is null.
    package func evaluate(
        _ name: String, inputs: Context, surroundings: Surroundings = Surroundings(),
        limits: EvaluationLimits = EvaluationLimits()
    ) throws(ModelError) -> Answer {
        guard let element = main.element(named: name) else {
            throw .unknownDecision(name, known: main.elements.filter(\.isAskable).map(\.name))
        }
        var evaluator = Evaluator(scope: Scope(surroundings: surroundings), limits: limits)
        let run = ModelRun(models: self, inputs: inputs, surroundings: surroundings)
        let place = ModelRun.Place(path: [], id: element.id)
        do throws(FEELError) {
            var value = try run.value(of: place, &evaluator)
            if case .service = element.kind, case .function(let service) = value {
                let arguments = service.parameters.map { inputs[$0] ?? .null }
                value = try evaluator.invoke(service, arguments)
            }
            return Answer(value: value, objections: evaluator.objections)
        } catch {
            throw .stopped(error, decision: name)
        }
    }
}

extension DecisionModel.Element {
    fileprivate var isDecision: Bool {
        if case .decision = kind { true } else { false }
    }

    /// Whether somebody can ask for its value.
    package var isAskable: Bool {
        switch kind {
        case .decision, .service: true
        case .input, .knowledge: false
        }
    }
}
