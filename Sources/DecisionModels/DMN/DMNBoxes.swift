import Decisions
import Kernel
import Markup

/// Reads the boxed expressions of one element, and notes what cannot be read.
struct DMNBoxes {
    let element: String
    let types: DMNTypes
    private(set) var faults: [DecisionModel.Fault] = []

    init(element: String, types: DMNTypes) {
        self.element = element
        self.types = types
    }

    /// The boxed expression among the children; absent if there is none.
    mutating func box(in parent: XMLElement?, _ names: Names) -> Boxed {
        guard let child = parent?.children.first(where: { Self.kinds.contains($0.name) }) else { return .absent }
        return box(child, names)
    }

    private static let kinds: Set<String> = [
        "literalExpression", "decisionTable", "context", "invocation", "functionDefinition", "list", "relation",
        "conditional", "filter", "for", "some", "every",
    ]

    private mutating func box(_ element: XMLElement, _ names: Names) -> Boxed {
        let box = untyped(element, names)
        // A function's own type says what it answers.
        guard element.name != "functionDefinition", let type = types.type(named: element.attribute("typeRef")) else {
            return box
        }
        return .typed(box, type)
    }

    private mutating func untyped(_ element: XMLElement, _ names: Names) -> Boxed {
        switch element.name {
        case "literalExpression": return literal(element, names)
        case "decisionTable":
            do throws(DecisionError) {
                return .table(
                    try DMNTable(element: element, name: self.element, names: names, types: types).table())
            } catch {
                note(error.problem, at: element)
                return .absent
            }
        case "context": return context(element, names)
        case "invocation":
            let bindings = element.all("binding").map { binding in
                Boxed.Binding(binding.first("parameter")?.attribute("name") ?? "", box(in: binding, names))
            }
            return .invocation(box(in: element, names), bindings)
        case "functionDefinition": return function(element, names)
        case "list":
            return .list(element.children.filter { Self.kinds.contains($0.name) }.map { box($0, names) })
        case "relation": return relation(element, names)
        case "conditional":
            return .conditional(
                box(in: element.first("if"), names), then: box(in: element.first("then"), names),
                otherwise: box(in: element.first("else"), names))
        case "filter":
            return .filter(
                box(in: element.first("in"), names),
                match: box(in: element.first("match"), names.adding(["item"])))
        default: return loop(element, names)
        }
    }

    private mutating func literal(_ element: XMLElement, _ names: Names) -> Boxed {
        if let language = element.attribute("expressionLanguage"), !language.isEmpty,
            !language.lowercased().contains("feel")
        {
            note(Self.foreign(language), at: element)
            return .absent
        }
        guard let text = element.first("text")?.text, !text.trimmed.isEmpty else { return .absent }
        do throws(FEELError) {
            return .literal(try Expression(parsing: text, names: names))
        } catch {
            note(error.problem, at: element)
            return .absent
        }
    }

    private mutating func context(_ element: XMLElement, _ names: Names) -> Boxed {
        var names = names
        var entries: [Boxed.Entry] = []
        for entry in element.all("contextEntry") {
            let variable = entry.first("variable")
            var value = box(in: entry, names)
            if let type = types.type(named: variable?.attribute("typeRef")), type.result == nil {
                value = .typed(value, type)
            }
            let name = variable?.attribute("name")
            entries.append(Boxed.Entry(name, value))
            if let name { names.insert(name) }
        }
        return .context(entries)
    }

    /// A function definition or the logic of a business knowledge model; null if it is not FEEL.
    mutating func function(_ element: XMLElement, _ names: Names) -> Boxed {
        guard ["FEEL", nil].contains(element.attribute("kind")) else {
            note(Self.foreign(element.attribute("kind") ?? ""), at: element)
            return .absent
        }
        let parameters = parameters(of: element)
        return .function(parameters, body: box(in: element, names.adding(parameters.map(\.name))))
    }

    func parameters(of element: XMLElement) -> [Boxed.Parameter] {
        element.all("formalParameter").map {
            Boxed.Parameter($0.attribute("name") ?? "", types.type(named: $0.attribute("typeRef")))
        }
    }

    private mutating func relation(_ element: XMLElement, _ names: Names) -> Boxed {
        let columns = element.all("column")
        let rows = element.all("row").map { row in
            zip(columns, row.children.filter { Self.kinds.contains($0.name) }).map { column, cell in
                let value = box(cell, names)
                return types.type(named: column.attribute("typeRef")).map { Boxed.typed(value, $0) } ?? value
            }
        }
        return .relation(columns: columns.map { $0.attribute("name") ?? "" }, rows: rows)
    }

    private mutating func loop(_ element: XMLElement, _ names: Names) -> Boxed {
        let variable = element.attribute("iteratorVariable") ?? ""
        let domain = box(in: element.first("in"), names)
        let inner = names.adding([variable, "partial"])
        guard element.name != "for" else {
            return .iteration(variable, in: domain, body: box(in: element.first("return"), inner))
        }
        return .quantified(
            isEvery: element.name == "every", variable, in: domain,
            condition: box(in: element.first("satisfies"), inner))
    }

    private mutating func note(_ problem: Problem, at element: XMLElement) {
        faults.append(DecisionModel.Fault(element: self.element, line: element.line, problem: problem))
    }

    private static func foreign(_ language: String) -> Problem {
        Problem(
            code: "dmn.foreign_code",
            title: Phrase(zh: "这段逻辑不是 FEEL。", en: "This logic is not FEEL."),
            location: Phrase(zh: "语言「\(language)」", en: "language “\(language)”"),
            cause: Phrase(zh: "模型外的程序从不执行，其值为 null。", en: "Programs outside of the model are never run; it is null."),
            remedy: Phrase(zh: "请用 FEEL 改写。", en: "Write it in FEEL.")
        )
    }
}

extension Names {
    fileprivate func adding(_ more: [String]) -> Names {
        var names = self
        for name in more { names.insert(name) }
        return names
    }
}
