package import Kernel

extension StoreError: Explainable {
    package var problem: Problem {
        let texts = self.texts
        return Problem(
            code: "store." + code,
            title: texts.title,
            location: texts.location,
            cause: texts.cause,
            remedy: texts.remedy
        )
    }

    private var code: String {
        switch self {
        case .conflict: "conflict"
        case .refused: "refused"
        case .stale: "stale"
        case .overtaken: "overtaken"
        case .full: "full"
        case .unavailable: "unavailable"
        case .failed: "failed"
        case .corrupt: "corrupt"
        case .unknownOutcome: "unknown_outcome"
        case .tooNew: "too_new"
        case .changedMigration: "changed_migration"
        case .queueFull: "queue_full"
        case .inUse: "in_use"
        case .unsafeSetting: "unsafe_setting"
        case .misused: "misused"
        case .closed: "closed"
        }
    }

    private typealias Texts = (title: Phrase, location: Phrase, cause: Phrase, remedy: Phrase)

    private var texts: Texts {
        switch self {
        case .conflict, .refused, .stale, .overtaken, .misused: statementTexts
        case .full, .unavailable, .failed, .corrupt, .unknownOutcome, .queueFull, .closed: stateTexts
        case .tooNew, .changedMigration, .inUse, .unsafeSetting: openingTexts
        }
    }

    private var statementTexts: Texts {
        switch self {
        case .conflict(let table, let detail):
            (
                Phrase(zh: "同样的记录已经存在。", en: "The record exists already."),
                Phrase(zh: "表 \(table)", en: "table \(table)"),
                Phrase(zh: "唯一约束 \(detail) 不允许第二条。", en: "The unique key \(detail) allows no second one."),
                Phrase(zh: "刷新后查看已有的记录。", en: "Reload, and look at the one that is there.")
            )
        case .refused(let refusal, let rule, let detail):
            (
                Phrase(zh: "数据库拒绝了这条记录。", en: "The database refuses the record."),
                Phrase(zh: "规则 \(rule)（\(refusal.rawValue)）", en: "rule \(rule) (\(refusal.rawValue))"),
                Phrase(zh: detail, en: detail),
                Phrase(zh: "账簿没有改变。请把此提示交给管理员。", en: "The books are unchanged. Show this to the administrator.")
            )
        case .stale(let reason):
            (
                Phrase(zh: "同时有别的操作在改同一本账。", en: "Other work was changing the same book."),
                Phrase(zh: "数据库", en: "the database"),
                Phrase(zh: reason, en: reason),
                Phrase(zh: "请再试一次。", en: "Try again.")
            )
        case .overtaken(let statement, let expected, let found):
            (
                Phrase(zh: "数据已被他人修改。", en: "The data was changed meanwhile."),
                Phrase(zh: "语句 \(statement)", en: "statement \(statement)"),
                Phrase(zh: "应改 \(expected) 行，实改 \(found) 行。", en: "\(expected) rows were to change, \(found) did."),
                Phrase(zh: "刷新后再操作。", en: "Reload, then do it again.")
            )
        case .misused(let statement, let reason):
            (
                Phrase(zh: "程序里的一条语句有错。", en: "A statement of this program is wrong."),
                Phrase(zh: "语句 \(statement)", en: "statement \(statement)"),
                Phrase(zh: reason, en: reason),
                Phrase(zh: "请把此提示报告给开发者。", en: "Report this to the developers.")
            )
        default: preconditionFailure("another group of texts")
        }
    }

    private var stateTexts: Texts {
        let database = Phrase(zh: "数据库", en: "the database")
        switch self {
        case .full(let reason):
            return (
                Phrase(zh: "磁盘已满。", en: "The disk is full."), database, Phrase(zh: reason, en: reason),
                Phrase(
                    zh: "请管理员腾出磁盘空间；之后会自动恢复，无须重启。",
                    en: "The administrator frees disk space; the program then goes on by itself."
                )
            )
        case .unavailable(let reason):
            return (
                Phrase(zh: "数据库没有应答。", en: "The database does not answer."), database, Phrase(zh: reason, en: reason),
                Phrase(
                    zh: "稍后再试；持续如此请管理员检查数据库。", en: "Try later; if it stays so, the administrator checks the database.")
            )
        case .failed(let reason):
            return (
                Phrase(zh: "磁盘写入失败，已停止接收工作。", en: "The disk failed; no more work is taken."), database,
                Phrase(zh: reason, en: reason),
                Phrase(zh: "请管理员检查磁盘，然后重启程序。", en: "The administrator checks the disk, then restarts the program.")
            )
        case .corrupt(let place, let reason):
            return (
                Phrase(zh: "存储的数据已损坏。", en: "Stored data is damaged."), Phrase(zh: place, en: place),
                Phrase(zh: reason, en: reason),
                Phrase(
                    zh: "不要继续记账；请管理员核验并从备份恢复。",
                    en: "Stop posting; the administrator verifies the store and restores a backup."
                )
            )
        case .unknownOutcome(let book, let unit):
            return (
                Phrase(zh: "结果未知：提交的应答丢失了。", en: "Outcome unknown: the answer to the commit was lost."),
                Phrase(zh: "账套 \(book)，工作单元 \(unit)", en: "book \(book), unit \(unit)"),
                Phrase(
                    zh: "数据库在应答之前断开。", en: "The database was lost before it answered."),
                Phrase(
                    zh: "数据库恢复后按该单元号查日志；查到即已完成，查不到可以重做。",
                    en:
                        "When the database is back, look the unit up in the log: found is done, absent may be done again."
                )
            )
        case .queueFull(let limit):
            return (
                Phrase(zh: "系统正忙。", en: "The system is busy."), database,
                Phrase(zh: "已有 \(limit) 项工作在等待。", en: "\(limit) pieces of work wait already."),
                Phrase(zh: "请稍后再试。", en: "Try again in a moment.")
            )
        case .closed:
            return (
                Phrase(zh: "系统正在停止。", en: "The system is stopping."), database,
                Phrase(zh: "存储已关闭。", en: "The store is closed."),
                Phrase(zh: "重启后再试。", en: "Try again after the restart.")
            )
        default: preconditionFailure("another group of texts")
        }
    }

    private var openingTexts: Texts {
        switch self {
        case .tooNew(let found, let known):
            (
                Phrase(zh: "数据由更新的版本写成。", en: "The data was written by a newer version."),
                Phrase(zh: "表 schema_versions", en: "table schema_versions"),
                Phrase(
                    zh: "数据的结构版本是 \(found)，本程序只认识到 \(known)。",
                    en: "The data has schema \(found); this program knows schemas up to \(known)."),
                Phrase(
                    zh: "请安装新版程序，或恢复升级前的备份。",
                    en: "Install the newer program, or restore the backup from before the upgrade.")
            )
        case .changedMigration(let version, let name):
            (
                Phrase(zh: "已执行过的数据库升级与程序不符。", en: "A schema step that ran here differs from the program's."),
                Phrase(zh: "升级 \(version) \(name)", en: "migration \(version) \(name)"),
                Phrase(zh: "内容的校验值不同。", en: "The hashes of its text differ."),
                Phrase(zh: "请安装原来的正式版本，或报告给开发者。", en: "Install the released version, or report this to the developers.")
            )
        case .inUse(let path):
            (
                Phrase(zh: "数据目录正被另一个进程使用。", en: "Another process uses this store."),
                Phrase(zh: path, en: path),
                Phrase(zh: "单机存储只能由一个进程打开。", en: "An embedded store is opened by one process only."),
                Phrase(
                    zh: "若服务正在运行：人员、公司、连接器的命令加 --server（令牌由 pingqiao sign-in 取得），其他命令请先停止服务。",
                    en: "If a server runs: give commands on people, companies and connectors --server (and a token of "
                        + "`pingqiao sign-in`); stop it for the others."
                )
            )
        case .unsafeSetting(let name, let expected, let found):
            (
                Phrase(zh: "数据库的设置不能保证账簿不丢。", en: "A database setting does not keep the books safe."),
                Phrase(zh: "设置 \(name)", en: "setting \(name)"),
                Phrase(zh: "应为 \(expected)，实为 \(found)。", en: "It must be \(expected) and is \(found)."),
                Phrase(zh: "请管理员更正该设置后再启动。", en: "The administrator corrects the setting, then starts again.")
            )
        default: preconditionFailure("another group of texts")
        }
    }
}
