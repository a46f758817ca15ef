import Kernel

/// One walk of a document along a schema.
struct DocumentSchemaCheck {
    private let schema: DocumentSchema
    private let limit: Int
    private(set) var violations: [DocumentSchema.Violation] = []
    private var isSilent = false
    private var failed = false

    /// A step of the path to the value, written out only when there is something to say about it.
    enum Step {
        case member(String)
        case element(Int)
    }

    init(schema: DocumentSchema, limit: Int) {
        self.schema = schema
        self.limit = limit
    }

    /// Whether a value is as a node says, without a word about it.
    mutating func holds(_ value: JSON, _ index: Int) -> Bool {
        let before = (isSilent, failed)
        isSilent = true
        failed = false
        check(value, index, [])
        let result = !failed
        (isSilent, failed) = before
        return result
    }

    mutating func check(_ value: JSON, _ index: Int, _ path: [Step]) {
        if isSilent ? failed : violations.count >= limit { return }
        let node = schema.nodes[index]
        if !node.types.isEmpty, !node.types.contains(where: { Self.is(value, $0) }) {
            report(path, expected: Self.types(node.types), found: Self.show(value))
            return
        }
        if let choices = node.choices { checkChoice(value, node, choices, path) }
        switch value {
        case .string(let text): checkText(text, node, path)
        case .number: checkNumber(value, node, path)
        case .array(let values): checkArray(values, node, path)
        case .object(let members): checkObject(members, node, path)
        case .null, .bool: break
        }
        if let reference = node.reference { check(value, reference, path) }
        for part in node.allOf { check(value, part, path) }
        checkChoices(value, node, path)
        if let condition = node.condition {
            if let branch = holds(value, condition) ? node.consequence : node.alternative { check(value, branch, path) }
        }
    }

    private mutating func checkChoice(_ value: JSON, _ node: DocumentSchema.Node, _ choices: [JSON], _ path: [Step]) {
        if let texts = node.texts {
            if let text = value.string, texts.contains(text) { return }
        } else if choices.contains(value) {
            return
        }
        let listed = choices.prefix(8).map(\.text).joined(separator: " ") + (choices.count > 8 ? " …" : "")
        report(path, expected: Phrase(zh: "下列之一：\(listed)", en: "one of \(listed)"), found: Self.show(value))
    }

    private mutating func checkText(_ text: String, _ node: DocumentSchema.Node, _ path: [Step]) {
        if node.minLength != nil || node.maxLength != nil {
            let count = text.unicodeScalars.count
            if let least = node.minLength, count < least {
                report(path, expected: Phrase(zh: "至少 \(least) 个字符", en: "at least \(least) characters"), count: count)
            }
            if let most = node.maxLength, count > most {
                report(path, expected: Phrase(zh: "至多 \(most) 个字符", en: "at most \(most) characters"), count: count)
            }
        }
        if let pattern = node.pattern, !pattern.matches(text) {
            let name = node.title.isEmpty ? node.patternText : "\(node.title) \(node.patternText)"
            report(path, expected: Phrase(zh: name, en: name), found: Self.show(.string(text)))
        } else if let format = node.format, schema.assertsFormats, !Self.isFormat(format, text) {
            report(
                path, expected: Phrase(zh: "有效的 \(format)", en: "a valid \(format)"), found: Self.show(.string(text)))
        }
    }

    private mutating func checkNumber(_ value: JSON, _ node: DocumentSchema.Node, _ path: [Step]) {
        guard let minimum = node.minimum, let number = value.integer, number < minimum else { return }
        report(
            path, expected: Phrase(zh: "不小于 \(minimum) 的数", en: "a number not below \(minimum)"),
            found: Self.show(value)
        )
    }

    private mutating func checkArray(_ values: [JSON], _ node: DocumentSchema.Node, _ path: [Step]) {
        if let most = node.maxItems, values.count > most {
            report(path, expected: Phrase(zh: "至多 \(most) 项", en: "at most \(most) entries"), count: values.count)
        }
        guard let items = node.items else { return }
        for (index, value) in values.enumerated() { check(value, items, path + [.element(index)]) }
    }

    private mutating func checkObject(_ members: [JSON.Member], _ node: DocumentSchema.Node, _ path: [Step]) {
        for name in node.required where !members.contains(where: { $0.name == name }) {
            report(
                path + [.member(name)], expected: Phrase(zh: "必填字段", en: "a required member"),
                found: Phrase(zh: "缺失", en: "nothing")
            )
        }
        guard !node.properties.isEmpty || node.isClosed else { return }
        for member in members {
            if let property = node.properties[member.name] {
                check(member.value, property, path + [.member(member.name)])
            } else if node.isClosed {
                report(
                    path + [.member(member.name)],
                    expected: Phrase(zh: "没有这个字段（其余内容放入 fields）", en: "no such member (other content goes to fields)"),
                    found: Self.show(member.value)
                )
            }
        }
    }

    private mutating func checkChoices(_ value: JSON, _ node: DocumentSchema.Node, _ path: [Step]) {
        if !node.anyOf.isEmpty {
            var count = 0
            for choice in node.anyOf where count == 0 && holds(value, choice) { count += 1 }
            if count == 0 {
                let names = needs(node.anyOf)
                let expected = Phrase(zh: "至少其一：\(names)", en: "at least one of \(names)")
                report(path, expected: expected, found: Self.show(value))
            }
        }
        if !node.oneOf.isEmpty {
            var count = 0
            for choice in node.oneOf where holds(value, choice) { count += 1 }
            if count != 1 {
                let names = needs(node.oneOf)
                let expected = Phrase(zh: "恰有其一：\(names)", en: "exactly one of \(names)")
                report(path, expected: expected, found: Self.show(value))
            }
        }
        if let not = node.not, holds(value, not) {
            report(path, expected: Phrase(zh: "不符合被排除的形式", en: "not the excluded form"), found: Self.show(value))
        }
    }

    private func needs(_ choices: [Int]) -> String {
        choices.map { schema.nodes[$0].required.joined(separator: "+") }.joined(separator: ", ")
    }

    private mutating func report(_ path: [Step], expected: Phrase, count: Int) {
        report(path, expected: expected, found: Phrase(zh: "\(count)", en: "\(count)"))
    }

    private mutating func report(
        _ path: [Step], expected: @autoclosure () -> Phrase, found: @autoclosure () -> Phrase
    ) {
        failed = true
        guard !isSilent, violations.count < limit else { return }
        let pointer = path.map { step in
            switch step {
            case .member(let name): "/" + Self.escape(name)
            case .element(let index): "/\(index)"
            }
        }.joined()
        let violation = DocumentSchema.Violation(
            pointer: pointer, expected: expected(), found: found()
        )
        if !violations.contains(violation) { violations.append(violation) }
    }

    private static func escape(_ name: String) -> String {
        name.contains { $0 == "~" || $0 == "/" }
            ? name.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined() : name
    }

    private static func `is`(_ value: JSON, _ type: String) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("number", .number), ("boolean", .bool),
            ("null", .null):
            true
        case ("integer", .number): value.integer != nil
        default: false
        }
    }

    private static func types(_ types: [String]) -> Phrase {
        let chinese = [
            "object": "对象", "array": "数组", "string": "文本", "number": "数字", "boolean": "是否值", "null": "空值",
            "integer": "整数",
        ]
        return Phrase(
            zh: types.map { chinese[$0] ?? $0 }.joined(separator: "或"), en: types.joined(separator: " or ")
        )
    }

    private static func show(_ value: JSON) -> Phrase {
        switch value {
        case .object: return Phrase(zh: "一个对象", en: "an object")
        case .array: return Phrase(zh: "一个数组", en: "an array")
        case .null, .bool, .number, .string:
            let text = value.text
            let short = text.count > 60 ? text.prefix(60) + "…" : text[...]
            return Phrase(zh: " \(short)", en: String(short))
        }
    }

    private static func isFormat(_ format: String, _ text: String) -> Bool {
        switch format {
        case "date": Day(text) != nil
        case "date-time": Timestamp(text) != nil
        default: isURI(text)
        }
    }

    /// A URI (RFC 3986) begins with a scheme and has only the characters a URI may have.
    private static func isURI(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), let first = text.utf8.first,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20), text.utf8.last != UInt8(ascii: ":")
        else { return false }
        let scheme = text.utf8[..<colon].allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.".utf8.contains(byte)
        }
        return scheme && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !#""<>\^`{|}"#.utf8.contains($0) }
    }
}
