package import Kernel

/// A value of FEEL (DMN 1.5, section 10.3.2).
package enum Value: Sendable {
    case null
    case boolean(Bool)
    case number(Decimal34)
    case string(String)
    case date(Day)
    indirect case time(TimeOfDay)
    indirect case dateTime(DateTime)
    case daysTimeDuration(DaysTimeDuration)
    case yearsMonthsDuration(YearsMonthsDuration)
    indirect case range(ValueRange)
    case list([Value])
    case context(Context)
    case function(Function)
}

extension Value {
    package static func number(_ number: Int) -> Value { .number(Decimal34(number)) }

    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    package var isTrue: Bool {
        if case .boolean(true) = self { true } else { false }
    }

    package var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    package var number: Decimal34? {
        if case .number(let value) = self { value } else { nil }
    }

    package var integer: Int? {
        if case .number(let value) = self { value.integer } else { nil }
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var date: Day? {
        if case .date(let value) = self { value } else { nil }
    }

    package var list: [Value]? {
        if case .list(let values) = self { values } else { nil }
    }

    package var context: Context? {
        if case .context(let context) = self { context } else { nil }
    }

    /// The entry of a context; `nil` if this is none or it has no such entry.
    package subscript(name: String) -> Value? {
        if case .context(let context) = self { context[name] } else { nil }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral text: String) { self = .string(text) }
    package init(integerLiteral number: Int) { self = .number(Decimal34(number)) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(arrayLiteral values: Value...) { self = .list(values) }
    package init(dictionaryLiteral entries: (String, Value)...) { self = .context(Context(entries)) }
    package init(nilLiteral: ()) { self = .null }
}

extension Value {
    /// Numbers, texts, truth values, lists and contexts as they are; a text stays a text, whatever it looks like.
    package init(json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .boolean(value)
        // A number out of the range of decimals is no value that a rule could use.
        case .number(let text): self = Decimal34(text).map(Value.number) ?? .null
        case .string(let text): self = .string(text)
        case .array(let values): self = .list(values.map(Value.init(json:)))
        case .object(let members): self = .context(Context(members.map { ($0.name, Value(json: $0.value)) }))
        }
    }

    /// The value as JSON; dates, times and durations as their ISO 8601 text, ranges and functions as their FEEL text.
    package var json: JSON {
        switch self {
        case .null: .null
        case .boolean(let value): .bool(value)
        case .number(let number): .number(number.text)
        case .string(let text): .string(text)
        case .list(let values): .array(values.map(\.json))
        case .context(let context): .object(context.map { JSON.Member($0.name, $0.value.json) })
        case .date, .time, .dateTime, .daysTimeDuration, .yearsMonthsDuration: .string(temporalText ?? "")
        case .range, .function: .string(description)
        }
    }

    /// The ISO 8601 text of a date, time or duration.
    var temporalText: String? {
        switch self {
        case .date(let day): CalendarText.text(of: day)
        case .time(let time): time.text
        case .dateTime(let instant): instant.text
        case .daysTimeDuration(let duration): duration.text
        case .yearsMonthsDuration(let duration): duration.text
        default: nil
        }
    }

    /// The kind of the value, as it is called in FEEL.
    package var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "boolean"
        case .number: "number"
        case .string: "string"
        case .date: "date"
        case .time: "time"
        case .dateTime: "date and time"
        case .daysTimeDuration: "days and time duration"
        case .yearsMonthsDuration: "years and months duration"
        case .range: "range"
        case .list: "list"
        case .context: "context"
        case .function: "function"
        }
    }
}

extension Value: CustomStringConvertible {
    /// The value as it would be written in FEEL: `"text"`, `date("2026-03-31")`, `[1, 2]`, `{a: 1}`.
    package var description: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .number(let number): number.text
        case .string(let text): Self.quoted(text)
        case .date, .time, .dateTime, .daysTimeDuration, .yearsMonthsDuration: "@\"\(temporalText ?? "")\""
        case .range(let range): range.description
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .context(let context):
            "{" + context.map { "\(Self.key($0.name)): \($0.value.description)" }.joined(separator: ", ") + "}"
        case .function(let function): function.description
        }
    }

    private static func key(_ name: String) -> String { Spelling.isPlainName(name) ? name : quoted(name) }

    static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}

extension Value {
    /// The date, time or duration that an ISO 8601 text is; `nil` if it is none.
    package init?(temporal text: String, zoneOffset: Surroundings.ZoneOffset = Surroundings.fixedZones) {
        guard let value = Temporal.value(text, zoneOffset: zoneOffset) else { return nil }
        self = value
    }
}
