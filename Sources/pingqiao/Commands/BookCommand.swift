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
    @Option(help: "Minor units up to which a publisher may approve what a new version makes (SOD-06).")
    var publisherCeiling: Int?

    func run() async throws {
        let texts = [("profile", profile), ("reason", reason), ("until", until)].compactMap { name, value in
            value.map { (name, JSON.string($0)) }
        }
        let changes = texts + (publisherCeiling.map { [("publisher_ceiling", .integer($0))] } ?? [])
        try await common.explaining {
            try await door.withAPI(in: common.language) { api in
                let path = "/api/v1/settings?book=\(API.part(book))"
                let settings =
                    changes.isEmpty ? try await api.ask("GET", path) : try await api.ask("PUT", path, .object(changes))
                if common.json { return Output.data(settings.pretty) }
                for (name, value) in (settings["duties"]?.members ?? []).map({ ($0.name, $0.value) })
                    + (settings.members ?? []).filter({ $0.name != "duties" && $0.name != "rules" }).map({
                        ($0.name, $0.value)
                    })
                where value != .null {
                    Output.data("\(name)\t\(value.string ?? value.text)")
                }
            }
        }
    }
}
