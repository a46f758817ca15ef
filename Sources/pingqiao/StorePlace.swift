import ArgumentParser
import Cryptography
import Foundation
import Glibc
import Kernel
import NIOPosix
import Storage

/// Where the books are kept: in a folder of this machine, or on a PostgreSQL server.
struct StorePlace: Sendable {
    /// Originals and the master key; with the embedded store also the database.
    let folder: URL
    /// libpq's connection text; `nil` for the embedded store.
    let postgreSQL: String?

    func open(at now: Timestamp) async throws -> SQLBookStore {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
        )
        let (key, isNew) = try masterKey()
        let store =
            if let postgreSQL {
                try await Store.open(postgreSQL: postgreSQL, at: now)
            } else {
                try await Store.open(sqlite: folder.appending(path: "books.sqlite").path(), at: now)
            }
        let files = try OriginalFiles(in: folder.path(), at: now)
        let books = SQLBookStore(store: store, files: files, masterKey: key)
        // Another node's connectors would be sealed under a key that this one does not have.
        if isNew, postgreSQL != nil, try await !books.books().isEmpty {
            try FileManager.default.removeItem(at: folder.appending(path: "master.key"))
            try await store.close()
            throw StorePlaceError.noKey(folder.path())
        }
        return books
    }

    /// The name of this node, made once: a process that starts again takes back what its predecessor leased.
    ///
    /// A second process on the same folder gets a name for its own life, so that the two never share a lease.
    func nodeName() throws -> String {
        let file = folder.appending(path: "node.id")
        let handle = Glibc.open(file.path(), O_RDWR | O_CREAT, 0o600)
        guard handle >= 0 else { throw StorePlaceError.notWritable(folder.path()) }
        // The lock is held, with the handle, until the process ends.
        guard flock(handle, LOCK_EX | LOCK_NB) == 0 else {
            close(handle)
            return "node-" + randomBytes(6).hex
        }
        if let text = try? String(contentsOf: file, encoding: .utf8), !text.isEmpty { return text }
        let name = "node-" + randomBytes(6).hex
        guard write(handle, name, name.utf8.count) == name.utf8.count else {
            throw StorePlaceError.notWritable(folder.path())
        }
        return name
    }

    /// The key that seals connectors' secrets: from `PINGQIAO_MASTER_KEY` (hex), or a file of its own, made once.
    private func masterKey() throws -> (key: [UInt8], isNew: Bool) {
        if let text = ProcessInfo.processInfo.environment["PINGQIAO_MASTER_KEY"] {
            guard let key = [UInt8](hex: text), key.count == 32 else {
                throw StorePlaceError.badKey("PINGQIAO_MASTER_KEY")
            }
            return (key, false)
        }
        let file = folder.appending(path: "master.key")
        if let text = try? String(contentsOf: file, encoding: .utf8) {
            guard let key = [UInt8](hex: text.trimmingCharacters(in: .whitespacesAndNewlines)), key.count == 32 else {
                throw StorePlaceError.badKey(file.path())
            }
            return (key, false)
        }
        let key = randomBytes(32)
        guard
            FileManager.default.createFile(
                atPath: file.path(), contents: Data(key.hex.utf8), attributes: [.posixPermissions: 0o400]
            )
        else { throw StorePlaceError.notWritable(folder.path()) }
        return (key, true)
    }
}

/// `--data DIR` or `--config FILE`, which every command that opens the books takes.
struct PlaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Folder of the embedded store.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("Configuration: {\"data\": DIR, \"postgresql\": CONNINFO} as JSON.", valueName: "file"))
    var config: String?

    func place(default folder: String = "pingqiao-data") throws -> StorePlace {
        guard let config else { return StorePlace(folder: URL(filePath: data ?? folder), postgreSQL: nil) }
        guard let text = try? String(contentsOfFile: config, encoding: .utf8) else {
            throw StorePlaceError.noConfig(config)
        }
        let json = try JSON(parsing: text)
        return StorePlace(
            folder: URL(filePath: data ?? json["data"]?.string ?? folder), postgreSQL: json["postgresql"]?.string
        )
    }
}

/// Why the place of the books cannot be used.
enum StorePlaceError: Error, Hashable {
    case badKey(String)
    case notWritable(String)
    case noConfig(String)
    case noKey(String)
}

extension StorePlaceError: Explainable {
    var problem: Problem {
        switch self {
        case .badKey(let place):
            Problem(
                code: "setup.bad_master_key",
                title: Phrase(zh: "主密钥不对。", en: "The master key is not valid."),
                location: Phrase(zh: place, en: place),
                cause: Phrase(zh: "应为 64 位十六进制。", en: "It has to be 64 hexadecimal digits."),
                remedy: Phrase(
                    zh: "请恢复原来的主密钥，否则连接器的密钥无法打开。",
                    en: "Restore the key; without it the connectors' secrets do not open.")
            )
        case .notWritable(let path):
            Problem(
                code: "setup.not_writable",
                title: Phrase(zh: "数据目录不可写。", en: "The data folder cannot be written."),
                location: Phrase(zh: path, en: path),
                cause: Phrase(zh: "当前用户没有写权限，或磁盘已满。", en: "The current user may not write there, or the disk is full."),
                remedy: Phrase(zh: "请检查权限和磁盘空间。", en: "Check the permissions and the space on the disk.")
            )
        case .noKey(let path):
            Problem(
                code: "setup.no_master_key",
                title: Phrase(zh: "缺少主密钥。", en: "The master key is missing."),
                location: Phrase(zh: path, en: path),
                cause: Phrase(
                    zh: "数据库中已有账套，而本节点没有主密钥。",
                    en: "The database has books already, and this node has no master key."
                ),
                remedy: Phrase(
                    zh: "请把首个节点的 master.key 复制到本目录，或设置 PINGQIAO_MASTER_KEY。",
                    en: "Copy master.key of the first node here, or set PINGQIAO_MASTER_KEY."
                )
            )
        case .noConfig(let path):
            Problem(
                code: "setup.no_config",
                title: Phrase(zh: "配置文件读不出来。", en: "The configuration file cannot be read."),
                location: Phrase(zh: path, en: path),
                cause: Phrase(zh: "文件不存在或没有权限。", en: "It does not exist or may not be read."),
                remedy: Phrase(zh: "请核对 --config 的路径。", en: "Check the path given with --config.")
            )
        }
    }
}
