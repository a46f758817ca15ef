import Decisions

/// What each formula of a book needs to have worked out before it is evaluated, found once when the book is compiled.
///
/// Values are worked out only when something reads them, in the order in which the book defines them: a value never
/// sees one that is defined after it.
struct BookIndex: Sendable {
    struct Slot: Sendable {
        let name: String
        let level: ValueBlock.Level
        let definition: ValueBlock.Definition
        let needs: Needs
    }

    /// Numbers of slots and of facts, each once, in rising order.
    struct Needs: Sendable {
        var slots: [Int] = []
        var facts: [Int] = []
        var readsBooked = false
        /// Whether it reads the document's items as a list.
        var readsItems = false

        mutating func formUnion(_ other: Needs) {
            if !other.slots.isEmpty { slots = Set(slots).union(other.slots).sorted() }
            if !other.facts.isEmpty { facts = Set(facts).union(other.facts).sorted() }
            readsBooked = readsBooked || other.readsBooked
            readsItems = readsItems || other.readsItems
        }
    }

    let slots: [Slot]
    let facts: [String]
    private let needs: [ObjectIdentifier: Needs]
    private let numbers: [ValueBlock.Level: [Name: Int]]

    /// What a formula that is no definition needs.
    func needs(of formula: Formula) -> Needs { needs[ObjectIdentifier(formula)] ?? Needs() }

    /// The number of the slot that a name of a level means in the end.
    func number(_ name: Name, at level: ValueBlock.Level) -> Int? { numbers[level]?[name] }

    init(
        blocks: [ValueBlock], tables: [String: RuleTable], functions: [WrittenFunction], facts: [FactNeed],
        formulas: [Formula]
    ) {
        let definitions = blocks.flatMap { block in block.definitions.map { (block.level, $0.name, $0.definition) } }
        var numbers: [ValueBlock.Level: [String: [Int]]] = [:]
        for (number, (level, name, _)) in definitions.enumerated() {
            numbers[level, default: [:]][name, default: []].append(number)
        }
        var finder = NeedFinder(
            numbers: numbers, count: definitions.count, levels: definitions.map(\.0), facts: facts.map(\.name))
        for function in functions { finder.functions[function.name] = finder.needs(of: function.body) }
        slots = definitions.enumerated().map { number, item in
            var needs = Needs()
            switch item.2 {
            case .formula(let formula): needs = finder.needs(of: formula)
            case .table(let name):
                guard let table = tables[name] else { break }
                for formula in table.formulas + table.defaults + table.versions.flatMap(\.rows).flatMap(\.outputs) {
                    needs.formUnion(finder.needs(of: formula))
                }
            }
            needs.slots = needs.slots.filter { $0 < number }
            return Slot(name: item.1, level: item.0, definition: item.2, needs: needs)
        }
        self.facts = facts.map(\.name)
        self.numbers = numbers.mapValues { byName in
            Dictionary(
                byName.compactMap { name, numbers in numbers.last.map { (Name(name), $0) } },
                uniquingKeysWith: { first, _ in first })
        }
        var all: [ObjectIdentifier: Needs] = [:]
        for formula in formulas { all[ObjectIdentifier(formula)] = finder.needs(of: formula) }
        needs = all
    }
}

/// Finds the values and facts a formula reads, from the names in its text.
private struct NeedFinder {
    let numbers: [ValueBlock.Level: [String: [Int]]]
    let levels: [ValueBlock.Level]
    let facts: [String: Int]
    var functions: [String: BookIndex.Needs] = [:]

    init(numbers: [ValueBlock.Level: [String: [Int]]], count: Int, levels: [ValueBlock.Level], facts: [String]) {
        self.numbers = numbers
        self.levels = levels
        self.facts = Dictionary(facts.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func needs(of formula: Formula) -> BookIndex.Needs {
        var needs = BookIndex.Needs()
        var slots: Set<Int> = []
        let readsItems = formula.steps.contains {
            $0.head == "document" && ($0.names.isEmpty || $0.names[0] == "items")
        }
        needs.readsItems = readsItems
        for path in formula.steps {
            if let function = functions[path.text] { needs.formUnion(function) }
            if path.head == "facts", let name = path.names.first, let fact = facts[name] { needs.facts.append(fact) }
            if path.head == "已入账" { needs.readsBooked = true }
            if path.head != "明细", path.head != "票" {
                slots.formUnion(numbers[.document]?[path.head] ?? [])
                if readsItems { slots.formUnion(members([path.head])) }
            }
            slots.formUnion(members(path.names))
            // A whole item, or a whole list of its e-vouchers, may be asked for anything later.
            if ["明细", "票", "明细.票"].contains(path.text) { slots.formUnion(allMembers) }
        }
        if formula.passesItemsOn { slots.formUnion(allMembers) }
        needs.slots = slots.union(needs.slots).sorted()
        needs.facts = Set(needs.facts).sorted()
        return needs
    }

    private func members(_ names: some Sequence<String>) -> [Int] {
        names.flatMap { (numbers[.item]?[$0] ?? []) + (numbers[.ticket]?[$0] ?? []) }
    }

    private var allMembers: [Int] { levels.indices.filter { levels[$0] != .document } }
}
