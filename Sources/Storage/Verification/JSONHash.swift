import Cryptography
import Kernel

/// A JSON value by the first half of its hash: enough to compare by, and small enough to keep for every row.
struct JSONHash: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    init(_ json: JSON) {
        let bytes = sha256(json.canonical).bytes
        func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        high = number(0..<8)
        low = number(8..<16)
    }
}

extension JSON {
    /// Where two values differ first: the path, and both values there; `nil` if they are equal.
    func difference(to other: JSON, at path: String = "") -> (path: String, left: String, right: String)? {
        guard canonical != other.canonical else { return nil }
        if let members, let others = other.members {
            for name in Set(members.map(\.name) + others.map(\.name)).sorted() {
                let inner = path.isEmpty ? name : path + "." + name
                let found = (self[name] ?? .null).difference(to: other[name] ?? .null, at: inner)
                if let found { return found }
            }
        } else if let array, let others = other.array {
            for index in 0..<max(array.count, others.count) {
                let left = index < array.count ? array[index] : .null
                let right = index < others.count ? others[index] : .null
                if let found = left.difference(to: right, at: path + "[\(index)]") { return found }
            }
        }
        return (path, text, other.text)
    }
}
