import ArgumentParser
import Cryptography
import Foundation
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
        let key = try masterKey()
        let store =
            if let postgreSQL {
                try await Store.open(postgreSQL: postgreSQL, at: now)
            } else {
                try await Store.open(sqlite: folder.appending(path: "books.sqlite").path(), at: now)
            }
        let files = try OriginalFiles(in: folder.path())
        return SQLBookStore(store: store, files: files, masterKey: key)
    }

    /// The name of this node, made once: a process that starts again takes back what its predecessor leased.
    func nodeName() throws -> String {
        let file = folder.appending(path: "node.id")
        if let text = try? String(contentsOf: file, encoding: .utf8), !text.isEmpty { return text }
        let name = "node-" + randomBytes(6).hex
        guard FileManager.default.createFile(atPath: file.path(), contents: Data(name.utf8)) else {
            throw StorePlaceError.notWritable(folder.path())
        }
        return name
    }

    /// The key that seals connectors' secrets: from `PINGQIAO_MASTER_KEY` (hex), or a file of its own, made once.
    private func masterKey() throws -> [UInt8] {
        if let text = ProcessInfo.processInfo.environment["PINGQIAO_MASTER_KEY"] {
            guard let key = [UInt8](hex: text), key.count == 32 else {
                throw StorePlaceError.badKey("PINGQIAO_MASTER_KEY")
            }
            return key
        }
        let file = folder.appending(path: "master.key")
        if let text = try? String(contentsOf: file, encoding: .utf8) {
            guard let key = [UInt8](hex: text.trimmingCharacters(in: .whitespacesAndNewlines)), key.count == 32 else {
                throw StorePlaceError.badKey(file.path())
            }
            return key
        }
        let key = randomBytes(32)
        guard
            FileManager.default.createFile(
                atPath: file.path(), contents: Data(key.hex.utf8), attributes: [.posixPermissions: 0o400]
            )
        else { throw StorePlaceError.notWritable(folder.path()) }
        return key
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
