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
    /// Which values are worked out already, by the numbers of the book's index.
    var isDone: [Bool]
    /// Whether items have values that `document.items` does not show yet.
    var isStale = false
    /// The rows tables chose: by slot, item and e-voucher.
    var hits: [HitKey: TableHit] = [:]
    var readFacts: Set<Int> = []
    var readsBooked = false
    /// The earlier vouchers of this document that are still alive, as they were given.
    let booked: [JSON]

    struct HitKey: Hashable {
        let slot: Int
        let item: Int?
        let ticket: Int?
    }

    init(book: RuleBook, input: RuleInput) {
        self.book = book
        self.input = input
        trace = Trace(book: book.name, version: book.version)
        isDone = Array(repeating: false, count: book.index.slots.count)
        let all = input.facts["booked"]?.array ?? []
        // What was taken back, and what it took back, is over: only what came later is alive.
        let last = all.lastIndex { $0["event"]?.string == "reversed" }
        booked = last.map { Array(all[($0 + 1)...]) } ?? all
    }

    var factUses: [FactUse] {
        var names = Set(readFacts.map { book.index.facts[$0] })
        if readsBooked { names.insert("booked") }
        return names.sorted().map { FactUse(name: $0, value: input.facts[$0] ?? .null) }
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

    func scope(_ local: Local = .none) -> Scope { Scope([lent, root, values, context(of: local)]) }

    func context(of local: Local) -> Context {
        guard let item = local.item else { return local.own }
        var context = local.own
        context["明细"] = .context(items[item])
        if let ticket = local.ticket, let tickets = items[item]["票"]?.list { context["票"] = tickets[ticket] }
        return context
    }

    mutating func value(_ formula: Formula, _ local: Local = .none) throws(Stop) -> Value {
        try workOut(book.index.needs(of: formula))
        return try formula.value(in: scope(local))
    }

    mutating func text(_ template: TextTemplate, _ local: Local = .none) throws(Stop) -> String {
        for formula in template.formulas { try workOut(book.index.needs(of: formula)) }
        return try template.text(in: scope(local))
    }

    mutating func phrase(_ template: PhraseTemplate, _ local: Local = .none) throws(Stop) -> Phrase {
        Phrase(zh: try text(template.zh, local), en: try text(template.en, local))
    }

    private mutating func check() throws(Stop) {
        for check in book.checks {
            let names = check.repetition.boundNames
            var applies = true
            for condition in check.when where applies && condition.readsNone(of: names) {
                applies = try value(condition).isTrue
            }
            for local in applies ? try locals(of: check.repetition) : [] {
                var applies = true
                for condition in check.when where applies && !condition.readsNone(of: names) {
                    applies = try value(condition, local).isTrue
                }
                guard applies, try value(check.fails, local).isTrue else { continue }
                trace.checks.append(
                    Trace.Trial(name: check.name, holds: false, findings: [try finding(check.fails, local)]))
                throw try stop(check.way, check.problemClass, cause: check.cause, local, name: check.name)
            }
            trace.checks.append(Trace.Trial(name: check.name, holds: true, findings: []))
        }
    }

    mutating func stop(
        _ way: Stop.Way, _ problemClass: String, cause: PhraseTemplate, _ local: Local, name: String
    ) throws(Stop) -> Stop {
        let text = book.problems[problemClass]
        let number = input.document["number"]?.string ?? input.document["source"]?["instance"]?.string ?? "—"
        return Stop(
            way: way, problemClass: problemClass,
            problem: Problem(
                code: "rules.\(problemClass)",
                title: text?.title ?? Phrase(zh: "检查「\(name)」未通过。", en: "The check “\(name)” failed."),
                location: Phrase(zh: "单据 \(number)，检查「\(name)」", en: "document \(number), check “\(name)”"),
                cause: try phrase(cause, local),
                remedy: text?.remedy ?? Phrase(zh: "请核对单据。", en: "Check the document.")
            )
        )
    }

    mutating func finding(_ formula: Formula, _ local: Local) throws(Stop) -> Trace.Finding {
        try workOut(book.index.needs(of: formula))
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

    /// The rounds of a repetition.
    mutating func locals(of repetition: Repetition) throws(Stop) -> [Local] {
        switch repetition {
        case .once: return [.none]
        case .items: return items.indices.map { Local(item: $0) }
        case .tickets:
            return items.indices.flatMap { item in
                (items[item]["票"]?.list ?? []).indices.map { Local(item: item, ticket: $0) }
            }
        case .each(let name, let list):
            let found = try value(list)
            if found.isNull { return [] }
            return (found.list ?? [found]).map { Local(own: Context([(name, $0)])) }
        }
    }
}
