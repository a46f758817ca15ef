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
        for block in book.blocks {
            switch block.level {
            case .document: try defineDocument(block)
            case .item: try defineItems(block)
            case .ticket: try defineTickets(block)
            }
        }
    }

    private mutating func updateItems() {
        guard var document = root["document"]?.context else { return }
        document["items"] = .list(items.map(Value.context))
        root["document"] = .context(document)
    }

    private mutating func defineDocument(_ block: ValueBlock) throws(Stop) {
        for (name, definition) in block.definitions {
            values[name] = try work(out: definition, Context(), key: name, at: "单据")
        }
    }

    private mutating func defineItems(_ block: ValueBlock) throws(Stop) {
        for index in items.indices {
            for (name, definition) in block.definitions {
                items[index][name] = try work(
                    out: definition, ["明细": .context(items[index])], key: "明细[\(index)].\(name)", at: "明细[\(index + 1)]"
                )
            }
        }
        updateItems()
    }

    private mutating func defineTickets(_ block: ValueBlock) throws(Stop) {
        for index in items.indices {
            var tickets = items[index]["票"]?.list ?? []
            for position in tickets.indices {
                var ticket = tickets[position].context ?? Context()
                let number = ticket["_"]?.integer ?? 0
                for (name, definition) in block.definitions {
                    ticket[name] = try work(
                        out: definition, ["明细": .context(items[index]), "票": .context(ticket)],
                        key: "票[\(number)].\(name)", at: "明细[\(index + 1)].票[\(position + 1)]")
                }
                tickets[position] = .context(ticket)
            }
            items[index]["票"] = .list(tickets)
        }
        updateItems()
    }

    private mutating func work(
        out definition: ValueBlock.Definition, _ local: Context, key: String, at place: String
    ) throws(Stop) -> Value {
        switch definition {
        case .formula(let formula):
            derivations[key] = Derivation(source: formula.source, paths: formula.paths, hit: nil)
            return try value(formula, local)
        case .table(let name):
            guard let table = book.tables[name] else { return .null }
            for formula in table.formulas { note(formula) }
            let hit = try table.evaluate(in: scope(local), at: place)
            var paths = table.formulas.flatMap(\.paths)
            if let version = table.versions.first(where: { $0.from == hit.version }) {
                paths += hit.rows.flatMap { version.rows[$0 - 1].outputs }.flatMap(\.paths)
                for row in hit.rows { for output in version.rows[row - 1].outputs { note(output) } }
            }
            derivations[key] = Derivation(source: name, paths: paths, hit: hit)
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
