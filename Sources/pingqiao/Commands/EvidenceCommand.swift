import ArgumentParser
import Cryptography
import Evidence
import Foundation
import Kernel

/// `pingqiao evidence …`: what electronic vouchers say.
struct EvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence", abstract: "Read electronic vouchers.", subcommands: [EvidenceRead.self]
    )
}

/// `pingqiao evidence read FILE…`
struct EvidenceRead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Print the fields of e-voucher files as a JSON array.",
        discussion: """
            Exits with status 6 when a file was refused; the others are printed all the same.
            Example:
              pingqiao evidence read --json invoice.ofd invoice.xml
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "Files to read.") var files: [String]

    func run() async throws {
        var answers: [JSON] = []
        var isRefused = false
        for path in files {
            let name = URL(filePath: path).lastPathComponent
            guard let data = FileManager.default.contents(atPath: path) else {
                isRefused = true
                answers.append(unreadable(name, path))
                continue
            }
            let bytes = [UInt8](data)
            do throws(EvidenceError) {
                let digest = sha256(bytes)
                for voucher in try readEvidence(bytes, name: name) {
                    answers.append(voucher.json(file: name, sha256: digest, in: common.language))
                }
            } catch {
                isRefused = true
                answers.append(
                    .object([
                        ("file", .string(name)), ("sha256", .string(sha256(bytes).hex)),
                        ("refused", error.refusal(in: common.language)),
                    ])
                )
            }
        }
        Output.data(JSON.array(answers).pretty)
        if isRefused { throw ExitCode(Exit.findings) }
    }

    private func unreadable(_ name: String, _ path: String) -> JSON {
        let title = Phrase(zh: "文件打不开。", en: "The file cannot be opened.").text(in: common.language)
        return [
            "file": .string(name),
            "refused": ["code": "unreadable", "title": .string(title), "cause": .string(path)],
        ]
    }
}
