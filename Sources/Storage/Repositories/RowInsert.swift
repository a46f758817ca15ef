/// An INSERT of several rows in few statements whose texts are constants, so that they are prepared once.
struct RowInsert: Sendable {
    /// The numbers of rows for which there is a statement, largest first.
    private static let sizes = [32, 8, 4, 3, 2, 1]

    private let texts: [Int: String]

    /// - Parameter conflict: What stands behind the rows, such as `ON CONFLICT (book_id) DO NOTHING`.
    init(into table: String, _ columns: [String], conflict: String = "") {
        let head = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
        texts = Dictionary(
            uniqueKeysWithValues: Self.sizes.map { rows in
                let values = (0..<rows).map { row in
                    "(" + columns.indices.map { "$\(row * columns.count + $0 + 1)" }.joined(separator: ", ") + ")"
                }
                return (rows, head + values.joined(separator: ", ") + (conflict.isEmpty ? "" : " " + conflict))
            }
        )
    }

    func send(_ rows: [[SQLValue]], on connection: any SQLConnection) throws(StoreError) {
        var rest = rows[...]
        while !rest.isEmpty {
            guard let size = Self.sizes.first(where: { $0 <= rest.count }), let text = texts[size] else { return }
            try connection.send(text, rest.prefix(size).flatMap { $0 }, changing: size)
            rest = rest.dropFirst(size)
        }
    }
}
