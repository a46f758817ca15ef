import ArgumentParser
import Kernel

/// `pingqiao book …`: what a company chose for its book.
struct BookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "book", abstract: "What a company chose for its book.", subcommands: [BookSettings.self]
    )
}

/// `pingqiao book settings`: shows how duties are kept apart, and what is reviewed and posted by itself.
struct BookSettings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Show or change how a book keeps duties apart, reviews and posts.",
        discussion: """
            Examples:
              pingqiao book settings --data DIR --book C01 --json
              pingqiao book settings --server URL --token-file T --book C01 --profile small --reason 财务两人 --until 2026-12-31
            A change needs the finance lead's right settings.edit, and is an entry of the log.
            """
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "The book.") var book: String
    @Option(help: "strict, or small: the reviewer may post (SOD-02) until the day given.") var profile: String?
    @Option(help: "Why the exception is needed.") var reason: String?
    @Option(help: "The last day of the exception.") var until: String?
    @Option(help: "Amount up to which a publisher may approve what a new version makes (SOD-06), such as 5000.00.")
    var publisherCeiling: String?
    @Option(help: ArgumentHelp("Whether the cashier signs cash and bank vouchers.", valueName: "true|false"))
    var cashierSignature: Bool?
    @Option(help: ArgumentHelp("Whether reviewed vouchers are posted by the program.", valueName: "true|false"))
    var postsAutomatically: Bool?
    @Option(help: "The finance lead who authorises automatic review; an empty text switches it off.")
    var reviewAuthorisedBy: String?
    @Option(help: "Amount up to which vouchers are reviewed by the program.") var reviewCeiling: String?

    private var changes: JSON {
        let texts = [
            ("profile", profile), ("reason", reason), ("until", until), ("publisher_ceiling", publisherCeiling),
            ("automatic_review_authorised_by", reviewAuthorisedBy), ("automatic_review_ceiling", reviewCeiling),
        ].compactMap { name, value in value.map { (name, JSON.string($0)) } }
        let flags = [("needs_cashier_signature", cashierSignature), ("posts_automatically", postsAutomatically)]
            .compactMap { name, value in value.map { (name, JSON.bool($0)) } }
        return .object(texts + flags)
    }

    func run() async throws {
        try await common.explaining {
            try await door.withAPI(in: common.language) { api in
                let path = "/api/v1/settings?book=\(API.part(book))"
                let settings =
                    try await changes == [:] ? api.ask("GET", path) : api.ask("PUT", path, changes)
                if common.json { return Output.data(settings.pretty) }
                for member in settings.members ?? [] where member.name != "rules" && member.value != .null {
                    Output.data("\(member.name)\t\(member.value.string ?? member.value.text)")
                }
            }
        }
    }
}
