/// An expression as a modeller draws it: a literal, a table, or boxes within boxes (框式表达式; DMN 1.5, section 7.3).
package indirect enum Boxed: Sendable {
    /// Logic that is missing or cannot be read; its value is null.
    case absent
    case literal(Expression)
    case table(DecisionTable)
    /// Entries see those before them; one without a name is the result of the whole.
    case context([Entry])
    case invocation(Boxed, [Binding])
    case function([Parameter], body: Boxed)
    case list([Boxed])
    /// Rows of cells below named columns: a list of contexts.
    case relation(columns: [String], rows: [[Boxed]])
    case conditional(Boxed, then: Boxed, otherwise: Boxed)
    case filter(Boxed, match: Boxed)
    case iteration(String, in: Boxed, body: Boxed)
    case quantified(isEvery: Bool, String, in: Boxed, condition: Boxed)
    /// The value as a type wants it; null if it is of another.
    case typed(Boxed, ValueType)

    package struct Entry: Sendable {
        package let name: String?
        package let value: Boxed

        package init(_ name: String?, _ value: Boxed) {
            self.name = name
            self.value = value
        }
    }

    package struct Binding: Sendable {
        package let parameter: String
        package let value: Boxed

        package init(_ parameter: String, _ value: Boxed) {
            self.parameter = parameter
            self.value = value
        }
    }

    /// A formal parameter; a value of another type makes a call null.
    package struct Parameter: Sendable {
        package let name: String
        package let type: ValueType?

        package init(_ name: String, _ type: ValueType?) {
            self.name = name
            self.type = type
        }
    }
}

extension Boxed {
    /// What a lone evaluation answers: the value, and what the tables within had to object.
    package func evaluate(
        in scope: Scope, limits: EvaluationLimits = EvaluationLimits()
    ) throws(FEELError) -> (value: Value, objections: [DecisionError]) {
        var evaluator = Evaluator(scope: scope, limits: limits)
        let value = try evaluator.evaluate(self, in: scope)
        return (value, evaluator.objections)
    }
}
