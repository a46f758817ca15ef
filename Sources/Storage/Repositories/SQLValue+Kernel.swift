import Kernel
import Ledger

extension SQLValue {
    static func time(_ time: Timestamp) -> SQLValue { .integer(time.microseconds) }
    static func time(_ time: Timestamp?) -> SQLValue { .optional(time?.microseconds) }
    static func digest(_ digest: Digest) -> SQLValue { .bytes(digest.bytes) }
    static func json(_ json: JSON) -> SQLValue { .text(json.text) }
    static func json(_ json: JSON?) -> SQLValue { .optional(json?.text) }

    /// A text, or null where it is empty: some engines take the two for the same.
    static func filled(_ text: String?) -> SQLValue {
        guard let text, !text.isEmpty else { return .null }
        return .text(text)
    }
}

extension SQLRow {
    func json(_ index: Int) throws(StoreError) -> JSON {
        guard let json = try optionalJSON(index) else { throw unreadable(index, "JSON") }
        return json
    }

    func optionalJSON(_ index: Int) throws(StoreError) -> JSON? {
        guard let text = try optionalText(index) else { return nil }
        do {
            return try JSON(parsing: text)
        } catch {
            throw unreadable(index, "JSON")
        }
    }

    func problem(_ index: Int) throws(StoreError) -> Problem? {
        guard let json = try optionalJSON(index) else { return nil }
        return try require(Problem(json: json), index, "a problem")
    }

    func optionalTime(_ index: Int) throws(StoreError) -> Timestamp? {
        try optionalInteger(index).map { Timestamp(microseconds: $0) }
    }

    func day(_ index: Int) throws(StoreError) -> Day { try require(Day(text(index)), index, "a day") }

    func period(_ index: Int) throws(StoreError) -> Period {
        try require(Period(yearMonth: integer(index)), index, "a period")
    }

    func currency(_ index: Int) throws(StoreError) -> Currency {
        try require(Currency(text(index)), index, "a currency")
    }

    func account(_ index: Int) throws(StoreError) -> AccountCode {
        try require(AccountCode(text(index)), index, "an account code")
    }

    func dimensions(_ index: Int) throws(StoreError) -> Dimensions {
        let text = try text(index)
        return try require(text == Dimensions.storedNone ? Dimensions.none : Dimensions(key: text), index, "dimensions")
    }

    /// A text that names a case of an enumeration.
    func named<Value: RawRepresentable<String>>(
        _ index: Int, _ type: Value.Type = Value.self
    ) throws(StoreError) -> Value {
        try require(Value(rawValue: text(index)), index, "\(Value.self)")
    }

    func int(_ index: Int) throws(StoreError) -> Int { Int(try integer(index)) }

    func require<Value>(_ value: Value?, _ index: Int, _ expected: String) throws(StoreError) -> Value {
        guard let value else { throw unreadable(index, expected) }
        return value
    }

    private func unreadable(_ index: Int, _ expected: String) -> StoreError {
        .corrupt(place: columns.indices.contains(index) ? columns[index] : "\(index)", reason: "it is not \(expected)")
    }
}

extension Dimensions {
    /// What a key column holds where a line has no dimensions.
    static let storedNone = "-"

    var stored: String { isEmpty ? Self.storedNone : key }
}

/// The end of a page, as the values its last row is ordered by; opaque to whoever carries it.
struct PageCursor {
    let values: [JSON]

    init(_ values: [JSON]) {
        self.values = values
    }

    /// `nil` if the text is not one of ours: the list then starts from its beginning.
    init?(_ text: String?) {
        guard let text, let bytes = [UInt8](hex: text), let values = (try? JSON(parsing: bytes))?.array else {
            return nil
        }
        self.values = values
    }

    var text: String { JSON.array(values).utf8.hex }

    func integer(_ index: Int) -> Int64? {
        guard values.indices.contains(index) else { return nil }
        return values[index].integer.map { Int64($0) }
    }

    func string(_ index: Int) -> String? {
        guard values.indices.contains(index) else { return nil }
        return values[index].string
    }
}

/// A search for part of a text, case ignored.
enum SearchText {
    static func folded(_ parts: [String?]) -> String {
        parts.compactMap(\.self).joined(separator: "\n").lowercased()
    }

    /// The pattern for `LIKE … ESCAPE '!'`.
    static func pattern(_ text: String) -> String {
        let escaped = text.lowercased().flatMap { ["%", "_", "!"].contains($0) ? ["!", $0] : [$0] }
        return "%" + String(escaped) + "%"
    }
}
