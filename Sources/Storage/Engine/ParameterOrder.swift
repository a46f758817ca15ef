import Synchronization

/// The numbers of a statement's parameters in the order in which SQLite counts them.
///
/// SQLite takes `$2` for a name, and gives index 1 to whichever name comes first; the values are put into its order.
struct ParameterOrder: Sendable {
    /// Parameter numbers by index; `nil` if they are already 1, 2, 3, …
    let numbers: [Int]?
    let count: Int

    init(_ sql: String) {
        var numbers: [Int] = []
        var quote: UInt8?
        var digits: Int?
        for byte in sql.utf8 {
            if let number = digits {
                if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), number < 100_000 {
                    digits = number * 10 + Int(byte - UInt8(ascii: "0"))
                    continue
                }
                digits = nil
                if number > 0, !numbers.contains(number) { numbers.append(number) }
            }
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == UInt8(ascii: "$") {
                digits = 0
            }
        }
        if let number = digits, number > 0, !numbers.contains(number) { numbers.append(number) }
        count = numbers.count
        self.numbers = numbers == Array(1..<numbers.count + 1) ? nil : numbers
    }
}

/// The orders of the statements that were met so far; a connection lives for one transaction, they for the program.
final class ParameterOrders: Sendable {
    private let known = Mutex<[String: ParameterOrder]>([:])

    subscript(sql: String) -> ParameterOrder {
        known.withLock { known in
            if let order = known[sql] { return order }
            let order = ParameterOrder(sql)
            known[sql] = order
            return order
        }
    }
}
