package import Kernel

/// What a line is about besides its account: department, person, supplier and so on (辅助核算).
///
/// At most one item of each kind, sorted by kind, so that equal tuples have one form.
package struct Dimensions: Hashable, Sendable {
    package static let limit = 16
    package static let none = Dimensions(sorted: [])

    package struct Item: Hashable, Sendable {
        /// The kind by its name in the book: 部门, 人员, 供应商, 客户, 项目, 银行账户.
        package let kind: String
        package let code: String

        package init(kind: String, code: String) {
            self.kind = kind
            self.code = code
        }
    }

    package let items: [Item]

    /// The tuple of some items; `nil` if a kind comes twice, a kind or code is empty, or there are too many.
    package init?(_ items: [Item]) {
        guard items.count <= Self.limit, items.allSatisfy({ !$0.kind.isEmpty && !$0.code.isEmpty }) else { return nil }
        let sorted = items.sorted { $0.kind.utf8.lexicographicallyPrecedes($1.kind.utf8) }
        guard zip(sorted, sorted.dropFirst()).allSatisfy({ $0.kind != $1.kind }) else { return nil }
        self.init(sorted: sorted)
    }

    private init(sorted: [Item]) {
        items = sorted
    }

    package subscript(kind: String) -> String? { items.first { $0.kind == kind }?.code }

    package var isEmpty: Bool { items.isEmpty }
    package var kinds: [String] { items.map(\.kind) }

    /// The tuple as one text, equal for equal tuples: `人员=E001;部门=D10`, and empty for none.
    package var key: String {
        items.map { Self.escaped($0.kind) + "=" + Self.escaped($0.code) }.joined(separator: ";")
    }

    /// Reads what `key` wrote; `nil` if it is anything else.
    package init?(key: String) {
        var items: [Item] = []
        var kind: String?
        var part: [UInt8] = []
        var isEscaped = false
        for byte in key.isEmpty ? [] : Array(key.utf8) + [UInt8(ascii: ";")] {
            switch byte {
            case _ where isEscaped:
                part.append(byte)
                isEscaped = false
            case UInt8(ascii: "\\"):
                isEscaped = true
            case UInt8(ascii: "=") where kind == nil:
                kind = String(decoding: part, as: UTF8.self)
                part = []
            case UInt8(ascii: ";"):
                guard let name = kind else { return nil }
                items.append(Item(kind: name, code: String(decoding: part, as: UTF8.self)))
                kind = nil
                part = []
            case UInt8(ascii: "="):
                return nil
            default:
                part.append(byte)
            }
        }
        guard !isEscaped, let dimensions = Dimensions(items), dimensions.key == key else { return nil }
        self = dimensions
    }

    private static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if [UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "\\")].contains(byte) {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Dimensions: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral items: (String, String)...) {
        guard let dimensions = Dimensions(items.map { Item(kind: $0.0, code: $0.1) }) else {
            preconditionFailure("a literal names each kind once")
        }
        self = dimensions
    }
}

extension Dimensions: CustomStringConvertible {
    package var description: String { key }
}

extension Dimensions {
    /// `{"人员": "E001", "部门": "D10"}`.
    package var json: JSON { .object(items.map { ($0.kind, .string($0.code)) }) }

    package init?(json: JSON) {
        guard let members = json.members else { return nil }
        var items: [Item] = []
        for member in members {
            guard let code = member.value.string else { return nil }
            items.append(Item(kind: member.name, code: code))
        }
        self.init(items)
    }
}

/// One value of a kind of dimension, such as the department D10 (辅助核算项).
package struct DimensionItem: Hashable, Sendable {
    package let kind: String
    package let code: String
    package let name: String
    package let isActive: Bool

    package init(kind: String, code: String, name: String, isActive: Bool = true) {
        self.kind = kind
        self.code = code
        self.name = name
        self.isActive = isActive
    }
}

/// The items a book knows, to be asked by kind and code.
package struct DimensionItems: Sendable {
    private let items: [Dimensions.Item: DimensionItem]

    /// Of two items with one kind and code, the later counts.
    package init(_ items: some Sequence<DimensionItem>) {
        self.items = Dictionary(
            items.map { (Dimensions.Item(kind: $0.kind, code: $0.code), $0) },
            uniquingKeysWith: { $1 }
        )
    }

    package subscript(item: Dimensions.Item) -> DimensionItem? { items[item] }
}
