import ArgumentParser
import Connectors
import Foundation
import Kernel
import Pipeline

/// `pingqiao oa …`: look into what an OA sends.
struct OACommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oa", abstract: "Look into what an OA sends.", subcommands: [OADecode.self, OANormalise.self]
    )
}

/// `pingqiao oa decode PLATFORM VECTORS.json`
struct OADecode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Decode recorded callbacks and compare with what they should say.",
        discussion: """
            Prints {"passed", "failed", "cases"}; exits with status 6 when one failed.
            Example:
              pingqiao oa decode dingtalk vectors.json
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "Platform, such as dingtalk or feishu.") var platform: String
    @Argument(help: "File of vectors.") var vectors: String

    func run() async throws {
        var failed = 0
        try await common.explaining {
            guard let decode = try Platform.named(platform).decode else {
                throw PlatformError.withoutCallbacks(platform)
            }
            let result = decode(try JSON(parsing: readFile(vectors)))
            failed = result["failed"]?.integer ?? 0
            Output.data(result.pretty)
        }
        if failed > 0 { throw ExitCode(Exit.findings) }
    }
}

/// `pingqiao oa normalise PLATFORM FILE`
struct OANormalise: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "normalise",
        abstract: "Turn a vendor's instance payload into a document with the shipped mapping.",
        discussion: """
            Prints the document; what the mapping found wrong goes to standard error, with status 6.
            Example:
              pingqiao oa normalise dingtalk instance.json
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "Platform, such as dingtalk or feishu.") var platform: String
    @Argument(help: "File of the payload.") var file: String

    func run() async throws {
        var problems: [MappingProblem] = []
        try await common.explaining {
            let known = try Platform.named(platform)
            let mapping = try ProductFiles.locate().json("Mappings/\(platform).json")
            let mapped = try normalise(
                platform: platform, payload: known.payload(try JSON(parsing: readFile(file))), mapping: mapping
            )
            problems = mapped.problems
            Output.data(mapped.document.pretty)
        }
        for problem in problems { Output.message(problem.problem.block(in: common.language)) }
        if !problems.isEmpty { throw ExitCode(Exit.findings) }
    }
}

private func readFile(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else { throw ProductFilesError.unreadable(path) }
    return [UInt8](data)
}

extension Platform {
    fileprivate static func named(_ id: String) throws(PlatformError) -> Platform {
        guard let platform = all.first(where: { $0.id == id }) else { throw .unknown(id) }
        return platform
    }
}

/// A platform that no connector is for, or one that sends no callbacks of its own.
enum PlatformError: Error, Hashable {
    case unknown(String)
    case withoutCallbacks(String)
}

extension PlatformError: Explainable {
    var problem: Problem {
        switch self {
        case .unknown(let platform):
            Problem(
                code: "platform.unknown",
                title: Phrase(zh: "不支持这个平台。", en: "This platform is not known."),
                location: Phrase(zh: "平台「\(platform)」", en: "platform “\(platform)”"),
                cause: Phrase(
                    zh: "目前支持 \(Platform.all.map(\.id).joined(separator: "、"))。",
                    en: "Known are: \(Platform.all.map(\.id).joined(separator: ", "))."
                ),
                remedy: Phrase(zh: "请核对名称。", en: "Check the name.")
            )
        case .withoutCallbacks(let platform):
            Problem(
                code: "platform.without_callbacks",
                title: Phrase(zh: "这个平台没有自己的回调格式。", en: "This platform has no form of callbacks of its own."),
                location: Phrase(zh: "平台「\(platform)」", en: "platform “\(platform)”"),
                cause: Phrase(zh: "它的消息不加密也不签名。", en: "What it sends is neither encrypted nor signed."),
                remedy: Phrase(zh: "请使用 oa normalise。", en: "Use oa normalise.")
            )
        }
    }
}
