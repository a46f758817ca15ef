package import Kernel

/// The first thing that is not as the log says.
package enum LogDifference: Error, Hashable {
    /// An entry was taken out, or the log was cut off behind it.
    case entryMissing(sequence: Int64)
    /// An entry no longer gives the leaf that was stored with it.
    case entryChanged(sequence: Int64)
    /// The leaves do not lead to the root of the book's head.
    case rootDiffers(expected: Digest, found: Digest)
    /// The log tells of a row that is not there.
    case rowMissing(table: String, key: String)
    /// A row that the log does not tell of.
    case rowUnknown(table: String, key: String)
    case rowDiffers(table: String, key: String, field: String, expected: String, found: String)
    case originalMissing(Digest)
    case originalDamaged(Digest, found: Digest)
}

extension LogDifference: Explainable {
    package var problem: Problem {
        Problem(
            code: "log.differs",
            title: Phrase(zh: "数据与日志不一致。", en: "What is stored is not what the log says."),
            location: location, cause: cause,
            remedy: Phrase(
                zh: "请停止使用该账套，保全数据库与备份，并由审计员查明是谁、何时、如何改动的。",
                en:
                    "Stop working with the book, keep the database and its backups, and let the auditor find out who changed it."
            )
        )
    }

    private var location: Phrase {
        switch self {
        case .entryMissing(let sequence), .entryChanged(let sequence):
            Phrase(zh: "日志第 \(sequence) 条", en: "log entry \(sequence)")
        case .rootDiffers: Phrase(zh: "日志根", en: "root of the log")
        case .rowMissing(let table, let key), .rowUnknown(let table, let key):
            Phrase(zh: "\(table) 中的 \(key)", en: "\(key) in \(table)")
        case .rowDiffers(let table, let key, let field, _, _):
            Phrase(zh: "\(table) 中的 \(key)，\(field)", en: "\(key) in \(table), \(field)")
        case .originalMissing(let digest), .originalDamaged(let digest, _):
            Phrase(zh: "原件 \(digest)", en: "original \(digest)")
        }
    }

    private var cause: Phrase {
        switch self {
        case .entryMissing: Phrase(zh: "该条目不存在。", en: "There is no such entry.")
        case .entryChanged:
            Phrase(zh: "条目内容与其散列不符。", en: "Its content does not give the hash that was stored with it.")
        case .rootDiffers(let expected, let found):
            Phrase(zh: "记录的根为 \(expected)，重算为 \(found)。", en: "The head says \(expected), the entries give \(found).")
        case .rowMissing: Phrase(zh: "日志有记载，数据库中没有。", en: "The log tells of it, the database does not have it.")
        case .rowUnknown: Phrase(zh: "数据库中有，日志没有记载。", en: "The database has it, the log does not tell of it.")
        case .rowDiffers(_, _, _, let expected, let found):
            Phrase(zh: "日志为 \(expected)，数据库为 \(found)。", en: "The log says \(expected), the database \(found).")
        case .originalMissing: Phrase(zh: "原件不存在。", en: "The original is not there.")
        case .originalDamaged(_, let found):
            Phrase(zh: "原件的散列为 \(found)。", en: "Its bytes have the hash \(found).")
        }
    }
}

/// What the verification of a book's log found (日志核对).
package struct LogReport: Hashable, Sendable {
    package let book: String
    package let entries: Int64
    /// The root of the entries that are there.
    package let root: Digest
    /// `nil` if everything is as the log says.
    package let difference: LogDifference?

    package init(book: String, entries: Int64, root: Digest, difference: LogDifference?) {
        self.book = book
        self.entries = entries
        self.root = root
        self.difference = difference
    }

    package var isIntact: Bool { difference == nil }
}
