import Decisions
import Kernel
import Ledger

extension Evaluation {
    /// Puts everything the expressions read into reach, and works out the book's values in their order.
    mutating func prepare() throws(Stop) {
        let form = FormValues(zone: input.zone)
        let evidence = input.evidence.map { form.value($0) }
        let document = form.document(input.document)
        items = form.items(of: document, evidence: evidence)
        var facts = form.value(input.facts).context ?? Context()
        for need in book.facts where need.isList && facts[need.name]?.list == nil { facts[need.name] = .list([]) }
        var settings = Context()
        for setting in book.settings { settings[setting.name] = Self.setting(.string(setting.defaultText)) }
        for member in (input.settings.members ?? []) + (input.facts["settings"]?.members ?? []) {
            settings[member.name] = Self.setting(member.value)
        }
        var bookValues = form.value(input.book).context ?? Context()
        bookValues["digits"] = .number(input.currency.minorDigits)
        if bookValues["currency"]?.string == nil { bookValues["currency"] = .string(input.currency.code) }
        lent = Self.functions(of: input.chart)
        root = [
            "document": .context(document), "facts": .context(facts), "evidence": .list(evidence),
            "settings": .context(settings), "book": .context(bookValues),
            "已入账": .list(booked.map { form.value($0) }), "明细": .null, "票": .null, "科目": .null,
        ]
        updateItems()
        for function in book.functions {
            lent[function.name] = try function.formula.value(in: Scope([lent, root]))
        }
    }

    /// Works out the values a formula reads, unless they are there already.
    mutating func workOut(_ needs: BookIndex.Needs) throws(Stop) {
        for number in needs.slots where !isDone[number] { try workOut(number) }
        readFacts.formUnion(needs.facts)
        if needs.readsBooked { readsBooked = true }
        if isStale, needs.readsItems { updateItems() }
    }

    private mutating func workOut(_ number: Int) throws(Stop) {
        isDone[number] = true
        let slot = book.index.slots[number]
        try workOut(slot.needs)
        switch slot.level {
        case .document:
            values[slot.name] = try work(out: slot, number, .none, at: "单据")
        case .item:
            for item in items.indices {
                items[item][slot.name] = try work(out: slot, number, Local(item: item), at: "明细[\(item + 1)]")
            }
            isStale = true
        case .ticket:
            for item in items.indices {
                var tickets = items[item]["票"]?.list ?? []
                for ticket in tickets.indices {
                    var context = tickets[ticket].context ?? Context()
                    context[slot.name] = try work(
                        out: slot, number, Local(item: item, ticket: ticket), at: "明细[\(item + 1)].票[\(ticket + 1)]")
                    tickets[ticket] = .context(context)
                }
                items[item]["票"] = .list(tickets)
            }
            isStale = true
        }
    }

    private mutating func updateItems() {
        isStale = false
        guard var document = root["document"]?.context else { return }
        document["items"] = .list(items.map(Value.context))
        root["document"] = .context(document)
    }

    private mutating func work(
        out slot: BookIndex.Slot, _ number: Int, _ local: Local, at place: String
    ) throws(Stop) -> Value {
        switch slot.definition {
        case .formula(let formula):
            return try formula.value(in: scope(local))
        case .table(let name):
            guard let table = book.tables[name] else { return .null }
            let hit = try table.evaluate(in: scope(local), at: place)
            hits[HitKey(slot: number, item: local.item, ticket: local.ticket)] = hit
            trace.tables.append(hit)
            return hit.result
        }
    }

    private static func setting(_ json: JSON) -> Value {
        guard let text = json.string else { return Value(json: json) }
        return Decimal34(text).map(Value.number) ?? .string(text)
    }

    /// The functions that are not FEEL's: they look into the chart, or stand for what FEEL has no short form for.
    private static func functions(of chart: Chart) -> Context {
        @Sendable func account(_ value: Value) -> AccountCode? { value.string.flatMap { AccountCode($0) } }
        func function(_ parameters: [String], _ body: @escaping Function.Body) -> Value {
            .function(Function(parameters: parameters, body: body))
        }
        return [
            "优先": function(["甲", "乙"]) { $0[0].isNull ? $0[1] : $0[0] },
            "末级科目": function(["上级", "名称"]) { values in
                guard let parent = account(values[0]), let name = values[1].string else { return .null }
                return chart.leaf(named: name, under: parent).map { .string($0.code.text) } ?? .null
            },
            "是末级": function(["科目"]) { values in
                .boolean(account(values[0]).flatMap { chart.leaf($0) } != nil)
            },
        ]
    }
}
