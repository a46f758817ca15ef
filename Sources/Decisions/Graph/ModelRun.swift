/// One evaluation of a set of models: its inputs, and where each of its elements gets its value from.
struct ModelRun: Sendable {
    let models: ModelSet
    let inputs: Context
    let surroundings: Surroundings
    /// Values that a decision service was given, instead of those its elements would have.
    var given: [Place: Value] = [:]

    /// An element, reached by way of imports: two paths to one model may have different inputs.
    struct Place: Hashable, Sendable {
        let path: [String]
        let id: String
    }

    /// The value of an element: what it needs is worked out first, in order and without recursion.
    func value(of place: Place, _ evaluator: inout Evaluator) throws(FEELError) -> Value {
        var values: [Place: Value] = [:]
        for next in try order(for: place, &evaluator) {
            values[next] = try evaluator.deeper { (evaluator: inout Evaluator) throws(FEELError) in
                try value(of: next, with: values, &evaluator)
            }
        }
        return values[place] ?? .null
    }

    /// What an element needs, before it, and the element itself; elements in a circle are left out, and so are null.
    private func order(for place: Place, _ evaluator: inout Evaluator) throws(FEELError) -> [Place] {
        var order: [Place] = []
        var state: [Place: Bool] = [:]
        var stack: [(place: Place, needs: [Place])] = [(place, needs(of: place))]
        state[place] = false
        while var top = stack.popLast() {
            guard let next = top.needs.popLast() else {
                state[top.place] = true
                order.append(top.place)
                continue
            }
            stack.append(top)
            if state[next] == nil {
                try evaluator.spend(1)
                guard state.count < ModelSet.needLimit else { throw .tooManySteps(limit: ModelSet.needLimit) }
                state[next] = false
                stack.append((next, given[next] == nil ? needs(of: next) : []))
            }
        }
        return order
    }

    private func needs(of place: Place) -> [Place] {
        guard let element = element(at: place) else { return [] }
        return element.requirements.reversed().compactMap { self.place(of: $0, from: place.path) }
    }

    private func value(
        of place: Place, with values: [Place: Value], _ evaluator: inout Evaluator
    ) throws(FEELError) -> Value {
        if let value = given[place] { return value }
        guard let element = element(at: place) else { return .null }
        let scope = scope(of: element, at: place, values)
        switch element.kind {
        case .input:
            let value = input(element.name, path: place.path)
            return element.type.map { $0.coerce(value, scope.surroundings) ?? .null } ?? value
        case .decision(let boxed):
            let value = try evaluator.evaluate(boxed, in: scope)
            return element.type.map { $0.coerce(value, scope.surroundings) ?? .null } ?? value
        case .knowledge(let parameters, let body):
            return .function(function(element, parameters, body, in: scope))
        case .service(let service): return .function(function(service, of: element, at: place, scope.surroundings))
        }
    }

    /// The names that an element sees: what it requires, those of other models in a context of the import's name.
    private func scope(of element: DecisionModel.Element, at place: Place, _ values: [Place: Value]) -> Scope {
        var own = Context()
        var imported = Context()
        for reference in element.requirements {
            guard let need = self.place(of: reference, from: place.path), let name = self.element(at: need)?.name,
                let value = values[need]
            else { continue }
            // A model imported under no name shares its names.
            if need.path.count == place.path.count || need.path.last?.isEmpty == true {
                own[name] = value
            } else if let prefix = need.path.last {
                var entries = imported[prefix]?.context ?? Context()
                entries[name] = value
                imported[prefix] = .context(entries)
            }
        }
        return Scope([imported, own], surroundings: surroundings(for: place.path))
    }

    /// A business knowledge model as a function, which knows itself by its name.
    private func function(
        _ element: DecisionModel.Element, _ parameters: [Boxed.Parameter], _ body: Boxed, in scope: Scope
    ) -> Function {
        let names = parameters.map(\.name)
        let type = element.type
        return Function(
            parameters: names, types: parameters.map(\.type),
            within: { (evaluator: inout Evaluator, values: [Value]) throws(FEELError) -> Value in
                let itself = Context([(element.name, .function(self.function(element, parameters, body, in: scope)))])
                let inner = scope.adding(itself).adding(Context(zip(names, values)))
                let value = try evaluator.evaluate(body, in: inner)
                return type.map { $0.coerce(value, inner.surroundings) ?? .null } ?? value
            })
    }

    private func function(
        _ service: DecisionModel.Service, of element: DecisionModel.Element, at place: Place,
        _ surroundings: Surroundings
    ) -> Function {
        let parameters = (service.inputs + service.inputDecisions)
            .compactMap { self.place(of: $0, from: place.path) }
            .compactMap { place in self.element(at: place).map { (place: place, element: $0) } }
        let outputs = service.outputs.compactMap { self.place(of: $0, from: place.path) }
        return Function(
            parameters: parameters.map(\.element.name), types: parameters.map(\.element.type),
            within: { (evaluator: inout Evaluator, arguments: [Value]) throws(FEELError) -> Value in
                var run = ModelRun(models: models, inputs: Context(), surroundings: self.surroundings)
                for (parameter, value) in zip(parameters, arguments) { run.given[parameter.place] = value }
                var context = Context()
                for output in outputs {
                    let name = run.element(at: output)?.name ?? ""
                    context[name] = try run.value(of: output, &evaluator)
                }
                let value = outputs.count == 1 ? context.first { _ in true }?.value ?? .null : .context(context)
                return element.type.map { $0.coerce(value, surroundings) ?? .null } ?? value
            })
    }
}

extension ModelRun {
    private func model(at path: [String]) -> DecisionModel? {
        var model: DecisionModel? = models.main
        for name in path {
            model = model?.imports.first { $0.name == name }.flatMap { models.models[$0.namespace] }
        }
        return model
    }

    fileprivate func element(at place: Place) -> DecisionModel.Element? { model(at: place.path)?[place.id] }

    fileprivate func place(of reference: DecisionModel.Reference, from path: [String]) -> Place? {
        guard let model = model(at: path) else { return nil }
        guard let namespace = reference.namespace, namespace != model.namespace || model[reference.id] == nil else {
            return Place(path: path, id: reference.id)
        }
        // Models that import each other would make ever longer paths.
        guard path.count < ModelSet.importDepthLimit,
            let link = model.imports.first(where: { $0.namespace == namespace })
        else { return nil }
        return Place(path: path + [link.name], id: reference.id)
    }

    /// The value that the caller gave to an input, below the names of the imports that lead to it.
    fileprivate func input(_ name: String, path: [String]) -> Value {
        var context = inputs
        for part in path where !part.isEmpty {
            guard case .context(let inner)? = context[part] else {
                return inputs[(path + [name]).joined(separator: ".")] ?? .null
            }
            context = inner
        }
        return context[name] ?? .null
    }

    fileprivate func surroundings(for path: [String]) -> Surroundings {
        let outer = surroundings
        let types = model(at: path)?.types ?? [:]
        return Surroundings(
            now: outer.now, zoneOffset: outer.zoneOffset,
            isInstance: { value, name in types[name].map { $0.contains(value, outer) } ?? outer.isInstance(value, name)
            }
        )
    }
}
