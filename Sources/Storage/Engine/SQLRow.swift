package import Kernel

/// One row of an answer. A column is asked for by its place, from 0, or by its name.
///
/// Each accessor throws `StoreError.corrupt` when the column holds something else than the reader expects.
package struct SQLRow: Sendable {
    package let values: [SQLValue]
    /// Shared by all rows of one answer.
    package let columns: [String]

    package init(values: [SQLValue], columns: [String]) {
        self.values = values
        self.columns = columns
    }

    package func value(_ index: Int) throws(StoreError) -> SQLValue {
        guard values.indices.contains(index) else { throw missing("\(index)") }
        return values[index]
    }

    package func value(_ column: String) throws(StoreError) -> SQLValue {
        guard let index = columns.firstIndex(of: column) else { throw missing(column) }
        return values[index]
    }

    private func missing(_ column: String) -> StoreError {
        .corrupt(place: column, reason: "no such column among \(columns.joined(separator: ", "))")
    }

    fileprivate func wrong(_ index: Int, _ expected: String) -> StoreError {
        let name = columns.indices.contains(index) ? columns[index] : "\(index)"
        return .corrupt(place: name, reason: "expected \(expected), found \(values[index].kind)")
    }

    fileprivate func index(of column: String) throws(StoreError) -> Int {
        guard let index = columns.firstIndex(of: column) else { throw missing(column) }
        return index
    }
}

extension SQLRow {
    package func integer(_ index: Int) throws(StoreError) -> Int64 {
        guard case .integer(let number) = try value(index) else { throw wrong(index, "an integer") }
        return number
    }

    package func text(_ index: Int) throws(StoreError) -> String {
        guard case .text(let text) = try value(index) else { throw wrong(index, "text") }
        return text
    }

    package func bytes(_ index: Int) throws(StoreError) -> [UInt8] {
        guard case .bytes(let bytes) = try value(index) else { throw wrong(index, "bytes") }
        return bytes
    }

    package func optionalInteger(_ index: Int) throws(StoreError) -> Int64? {
        try value(index) == .null ? nil : try integer(index)
    }

    package func optionalText(_ index: Int) throws(StoreError) -> String? {
        try value(index) == .null ? nil : try text(index)
    }

    package func optionalBytes(_ index: Int) throws(StoreError) -> [UInt8]? {
        try value(index) == .null ? nil : try bytes(index)
    }

    /// 0 or 1, and nothing else.
    package func flag(_ index: Int) throws(StoreError) -> Bool {
        switch try value(index) {
        case .integer(0): false
        case .integer(1): true
        default: throw wrong(index, "0 or 1")
        }
    }

    package func timestamp(_ index: Int) throws(StoreError) -> Timestamp {
        Timestamp(microseconds: try integer(index))
    }

    package func digest(_ index: Int) throws(StoreError) -> Digest {
        guard let digest = Digest(bytes: try bytes(index)) else { throw wrong(index, "32 bytes") }
        return digest
    }
}

extension SQLRow {
    package func integer(_ column: String) throws(StoreError) -> Int64 { try integer(index(of: column)) }
    package func text(_ column: String) throws(StoreError) -> String { try text(index(of: column)) }
    package func bytes(_ column: String) throws(StoreError) -> [UInt8] { try bytes(index(of: column)) }
    package func flag(_ column: String) throws(StoreError) -> Bool { try flag(index(of: column)) }
    package func timestamp(_ column: String) throws(StoreError) -> Timestamp { try timestamp(index(of: column)) }
    package func digest(_ column: String) throws(StoreError) -> Digest { try digest(index(of: column)) }

    package func optionalInteger(_ column: String) throws(StoreError) -> Int64? {
        try optionalInteger(index(of: column))
    }

    package func optionalText(_ column: String) throws(StoreError) -> String? {
        try optionalText(index(of: column))
    }

    package func optionalBytes(_ column: String) throws(StoreError) -> [UInt8]? {
        try optionalBytes(index(of: column))
    }
}

extension SQLValue {
    fileprivate var kind: String {
        switch self {
        case .null: "null"
        case .integer: "an integer"
        case .text: "text"
        case .bytes: "bytes"
        }
    }
}
