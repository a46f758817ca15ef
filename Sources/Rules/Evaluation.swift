import Decisions
import Kernel
import Ledger

extension RuleBook {
    /// Asks the book what becomes of a document.
    package func evaluate(_ input: RuleInput) -> RuleAnswer {
        var evaluation = Evaluation(book: self, input: input)
        let outcome = evaluation.run()
        return RuleAnswer(outcome: outcome, trace: evaluation.trace, facts: evaluation.factUses)
    }
}

/// One document on its way through a rule book.
struct Evaluation {
    let book: RuleBook
    let input: RuleInput
    var trace: Trace
    var lent = Context()
    var root = Context()
    var values = Context()
    var items: [Context] = []
    var derivations: [String: Derivation] = [:]
    var readFacts: Set<String> = []
    /// The earlier vouchers of this document that are still alive, as they were given.
    let booked: [JSON]

    /// How a value came about: its expression, or the table that gave it.
    struct Derivation {
        let source: String
        let paths: [String]
        let hit: TableHit?
    }

    init(book: RuleBook, input: RuleInput) {
        self.book = book
        self.input = input
        trace = Trace(book: book.name, version: book.version)
        let all = input.facts["booked"]?.array ?? []
        // What was taken back, and what it took back, is over: only what came later is alive.
        let last = all.lastIndex { $0["event"]?.string == "reversed" }
        booked = last.map { Array(all[($0 + 1)...]) } ?? all
    }

    var factUses: [FactUse] {
        readFacts.sorted().map { FactUse(name: $0, value: input.facts[$0] ?? .null) }
    }

    mutating func run() -> RuleOutcome {
        do throws(Stop) {
            try prepare()
            try check()
            return try decide()
        } catch {
            switch error.way {
            case .hold: return .hold(error.problem, problemClass: error.problemClass)
            case .reject: return .reject(error.problem, problemClass: error.problemClass)
            }
        }
    }

    func scope(_ local: Context = Context()) -> Scope { Scope([lent, root, values, local]) }

    mutating func note(_ formula: Formula) {
        for path in formula.paths { note(path) }
    }

    private mutating func note(_ path: String) {
        if path.hasPrefix("facts.") {
            let name = path.dropFirst(6).prefix { $0 != "." }
            readFacts.insert(String(name))
        } else if path == "已入账" || path.hasPrefix("已入账.") {
            readFacts.insert("booked")
        } else if let function = book.functions.first(where: { $0.name == path }) {
            for path in function.body.paths where path.hasPrefix("facts.") { note(path) }
        }
    }

    mutating func value(_ formula: Formula, _ local: Context = Context()) throws(Stop) -> Value {
        note(formula)
        return try formula.value(in: scope(local))
    }

    private mutating func check() throws(Stop) {
        for check in book.checks {
            var applies = true
            var findings: [Trace.Finding] = []
            // A check on each item may ask about the item before it applies.
            for local in try locals(of: check.repetition) {
                applies = true
                for condition in check.when where applies { applies = try value(condition, local).isTrue }
                guard applies, try value(check.fails, local).isTrue else { continue }
                findings = [try finding(check.fails, local)]
                trace.checks.append(Trace.Trial(name: check.name, holds: false, findings: findings))
                throw try stop(check.way, check.problemClass, cause: check.cause, local, name: check.name)
            }
            trace.checks.append(Trace.Trial(name: check.name, holds: true, findings: findings))
        }
    }

    func stop(
        _ way: Stop.Way, _ problemClass: String, cause: PhraseTemplate, _ local: Context, name: String
    ) throws(Stop) -> Stop {
        let text = book.problems[problemClass]
        let number = input.document["number"]?.string ?? input.document["source"]?["instance"]?.string ?? "—"
        return Stop(
            way: way, problemClass: problemClass,
            problem: Problem(
                code: "rules.\(problemClass)",
                title: text?.title ?? Phrase(zh: "检查「\(name)」未通过。", en: "The check “\(name)” failed."),
                location: Phrase(zh: "单据 \(number)，检查「\(name)」", en: "document \(number), check “\(name)”"),
                cause: try cause.phrase(in: scope(local)),
                remedy: text?.remedy ?? Phrase(zh: "请核对单据。", en: "Check the document.")
            )
        )
    }

    func finding(_ formula: Formula, _ local: Context) throws(Stop) -> Trace.Finding {
        let findings: [Finding]
        do {
            findings = try formula.expression.explain(in: scope(local))
        } catch {
            throw Stop.expression(formula, error)
        }
        let seen = findings.flatMap(\.seen).reduce(into: [(path: String, value: JSON)]()) { list, seen in
            if !list.contains(where: { $0.path == seen.name }) { list.append((seen.name, seen.value.brief)) }
        }
        return Trace.Finding(condition: formula.source, holds: findings.allSatisfy(\.holds), values: seen)
    }

    /// The names a repetition binds, one context for each round.
    mutating func locals(of repetition: Repetition) throws(Stop) -> [Context] {
        switch repetition {
        case .once: return [Context()]
        case .items: return items.map { ["明细": .context($0)] }
        case .tickets:
            return items.flatMap { item in
                (item["票"]?.list ?? []).map { ["明细": .context(item), "票": $0] }
            }
        case .each(let name, let list):
            let found = try value(list)
            if found.isNull { return [] }
            return (found.list ?? [found]).map { Context([(name, $0)]) }
        }
    }
}
