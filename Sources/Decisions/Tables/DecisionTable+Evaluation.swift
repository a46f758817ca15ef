extension DecisionTable {
    /// What the table says.
    ///
    /// - Throws: `DecisionError`, if more rules match than the hit policy allows, an input is not one of its allowed
    ///   values, or a limit is reached.
    package func evaluate(
        in scope: Scope, limits: EvaluationLimits = EvaluationLimits()
    ) throws(DecisionError) -> TableResult {
        var evaluator = Evaluator(scope: scope, limits: limits)
        return try evaluate(with: &evaluator, in: scope)
    }

    /// What the table says, as part of a larger evaluation.
    func evaluate(with evaluator: inout Evaluator, in scope: Scope) throws(DecisionError) -> TableResult {
        let run: Run
        do throws(FEELError) {
            run = try evaluator.framed(in: scope) { (evaluator: inout Evaluator) throws(FEELError) in
                try self.run(&evaluator)
            }
        } catch {
            throw .stopped(error, table: name)
        }
        if let refused = run.refused {
            throw .inputNotAllowed(
                table: name, input: inputs[refused].expression.source, value: run.values[refused],
                allowed: inputs[refused].allowed?.source ?? ""
            )
        }
        if run.hits.isEmpty { return result(run, hits: [], value: run.standard ?? .null) }
        let hits = try chosen(run)
        return result(run, hits: hits, value: value(of: hits))
    }

    /// What an evaluation saw, before the hit policy.
    private struct Run {
        var values: [Value] = []
        /// The first input whose value is not allowed.
        var refused: Int?
        var hits: [TableResult.Hit] = []
        var misses: [TableResult.Miss] = []
        /// The answer where no rule matches.
        var standard: Value?
        /// For each hit the rank of each output among its allowed values; only for the policies that sort.
        var ranks: [[Int]] = []
    }

    private func run(_ evaluator: inout Evaluator) throws(FEELError) -> Run {
        var run = Run()
        for (index, input) in inputs.enumerated() {
            let value = try evaluator.evaluate(input.expression.node)
            run.values.append(value)
            if run.refused == nil, let allowed = input.allowed, try !evaluator.accepts(value, allowed) {
                run.refused = index
            }
        }
        guard run.refused == nil else { return run }
        for (index, rule) in rules.enumerated() {
            if let failed = try firstFailure(of: rule, run.values, &evaluator) {
                run.misses.append(
                    TableResult.Miss(
                        row: index + 1, input: failed, test: rule.tests[failed].source, value: run.values[failed]))
                continue
            }
            var context = Context()
            for (output, expression) in zip(outputs, rule.outputs) {
                context[output.name] = try evaluator.evaluate(expression.node)
            }
            run.hits.append(TableResult.Hit(row: index + 1, outputs: context, annotations: rule.annotations))
            if hitPolicy == .priority || hitPolicy == .outputOrder {
                run.ranks.append(try ranks(of: context, &evaluator))
            }
            if hitPolicy == .first { break }
        }
        if run.hits.isEmpty, outputs.contains(where: { $0.standard != nil }) {
            var context = Context()
            for output in outputs {
                context[output.name] =
                    try output.standard.map { (standard) throws(FEELError) in
                        try evaluator.evaluate(standard.node)
                    } ?? .null
            }
            run.standard = answer(context)
        }
        return run
    }

    /// The first test that the values fail; `nil` if they pass them all.
    private func firstFailure(
        of rule: Rule, _ values: [Value], _ evaluator: inout Evaluator
    ) throws(FEELError) -> Int? {
        for index in rule.tests.indices where try !evaluator.accepts(values[index], rule.tests[index]) { return index }
        return nil
    }

    /// Where each output stands among its allowed values; what is not among them comes last.
    private func ranks(of context: Context, _ evaluator: inout Evaluator) throws(FEELError) -> [Int] {
        var ranks: [Int] = []
        for output in outputs {
            let value = context[output.name] ?? .null
            var rank = 0
            let tests = output.allowed?.tests ?? []
            while rank < tests.count, try evaluator.holds(tests[rank], for: value) != true { rank += 1 }
            ranks.append(rank)
        }
        return ranks
    }

    /// The hits that count, in the order of the hit policy.
    private func chosen(_ run: Run) throws(DecisionError) -> [TableResult.Hit] {
        switch hitPolicy {
        case .unique where run.hits.count > 1:
            throw .severalRows(table: name, rows: run.hits.map(\.row))
        case .any:
            guard run.hits.allSatisfy({ $0.outputs == run.hits[0].outputs }) else {
                throw .differentAnswers(table: name, rows: run.hits.map(\.row))
            }
            return run.hits
        case .priority: return Array(sorted(run).prefix(1))
        case .outputOrder: return sorted(run)
        default: return run.hits
        }
    }

    private func sorted(_ run: Run) -> [TableResult.Hit] {
        // The rules' order decides between equal ranks, so the sort has to be stable.
        zip(run.hits, run.ranks).sorted { left, right in
            left.1 == right.1 ? left.0.row < right.0.row : left.1.lexicographicallyPrecedes(right.1)
        }.map(\.0)
    }

    private func answer(_ context: Context) -> Value {
        outputs.count == 1 ? context[outputs[0].name] ?? .null : .context(context)
    }

    private func value(of hits: [TableResult.Hit]) -> Value {
        let answers = hits.map { answer($0.outputs) }
        switch hitPolicy {
        case .unique, .any, .priority, .first: return answers[0]
        case .ruleOrder, .outputOrder, .collect(nil): return .list(answers)
        case .collect(.sum): return Aggregates.sum(answers) ?? .null
        case .collect(.min): return Aggregates.extreme(answers, sign: -1) ?? .null
        case .collect(.max): return Aggregates.extreme(answers, sign: 1) ?? .null
        case .collect(.count): return .number(answers.count)
        }
    }

    private func result(_ run: Run, hits: [TableResult.Hit], value: Value) -> TableResult {
        TableResult(
            value: value,
            inputs: zip(inputs, run.values).map { TableResult.Seen(text: $0.expression.source, value: $1) },
            hits: hits, misses: run.misses, isStandard: hits.isEmpty
        )
    }
}

extension Evaluator {
    /// Whether a value passes tests that stand in a table.
    fileprivate mutating func accepts(_ value: Value, _ tests: UnaryTests) throws(FEELError) -> Bool {
        try spend(1)
        locals.append(value)
        let passes = try passes(tests, value)
        locals.removeLast()
        return passes
    }
}
