import ArgumentParser
import Cryptography
import Evidence
import Foundation
import Kernel

/// `pingqiao evidence …`: what electronic vouchers say.
struct EvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence", abstract: "Read and verify electronic vouchers.",
        subcommands: [EvidenceRead.self, EvidenceVerify.self]
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
    @OptionGroup var trust: TrustOptions
    @Argument(help: "Files to read.") var files: [String]

    func run() async throws {
        let tools = EvidenceTools(trust: try trust.list())
        var answers: [JSON] = []
        var isRefused = false
        for path in files {
            let name = URL(filePath: path).lastPathComponent
            guard let data = FileManager.default.contents(atPath: path) else {
                isRefused = true
                answers.append(unreadable(name, path, in: common.language))
                continue
            }
            let bytes = [UInt8](data)
            do throws(EvidenceError) {
                let digest = sha256(bytes)
                for voucher in try readEvidence(bytes, name: name, with: tools) {
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
}

/// `pingqiao evidence verify FILE…`
struct EvidenceVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Print what the signatures of OFD files are worth, as a JSON array.",
        discussion: """
            State is mathematics: whether what was signed is unchanged. Trust is who signed it: a root certificate
            you name with --trust vouches for the signer. Exits with status 6 when a signature is invalid or a file
            was refused.
            Example:
              pingqiao evidence verify --trust roots.pem receipt.ofd
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var trust: TrustOptions
    @Argument(help: "Files to verify.") var files: [String]

    func run() async throws {
        let roots = try trust.list()
        var answers: [JSON] = []
        var hasFindings = false
        for path in files {
            let name = URL(filePath: path).lastPathComponent
            guard let data = FileManager.default.contents(atPath: path) else {
                hasFindings = true
                answers.append(unreadable(name, path, in: common.language))
                continue
            }
            let bytes = [UInt8](data)
            var members = [("file", JSON.string(name)), ("sha256", .string(sha256(bytes).hex))]
            do throws(EvidenceError) {
                let findings = try verifySignatures(bytes, name: name, by: roots)
                hasFindings = hasFindings || findings.contains { $0.state == .invalid }
                members.append(("signatures", .array(findings.map { $0.json(in: common.language) })))
            } catch {
                hasFindings = true
                members.append(("refused", error.refusal(in: common.language)))
            }
            answers.append(.object(members))
        }
        Output.data(JSON.array(answers).pretty)
        if hasFindings { throw ExitCode(Exit.findings) }
    }
}

/// Whom to trust, where a command verifies signatures.
struct TrustOptions: ParsableArguments {
    @Option(help: "A PEM file of root certificates to trust; may be given several times.") var trust: [String] = []

    func list() throws -> TrustList {
        var roots: [Certificate] = []
        for path in trust {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ValidationError("--trust: \(path) cannot be opened.")
            }
            let found = Certificate.certificates(pem: String(decoding: data, as: UTF8.self))
            guard !found.isEmpty else { throw ValidationError("--trust: \(path) holds no certificate in PEM form.") }
            roots += found
        }
        return TrustList(roots: roots)
    }
}

private func unreadable(_ name: String, _ path: String, in language: Language) -> JSON {
    let title = Phrase(zh: "文件打不开。", en: "The file cannot be opened.").text(in: language)
    return [
        "file": .string(name),
        "refused": ["code": "unreadable", "title": .string(title), "cause": .string(path)],
    ]
}
