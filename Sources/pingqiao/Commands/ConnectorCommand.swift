import ArgumentParser
import Foundation
import Kernel

/// `pingqiao connector …`: the OAs that are connected.
struct ConnectorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connector", abstract: "The OAs that are connected.",
        subcommands: [
            ConnectorAdd.self, ConnectorList.self, ConnectorShow.self, ConnectorDisable.self, ConnectorEnable.self,
            ConnectorSecret.self, ConnectorCheck.self, ConnectorMapping.self,
        ]
    )
}

/// `pingqiao connector add`
struct ConnectorAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Connect an OA; a generic connector's secret is printed once.",
        discussion: """
            Secrets of vendors are read from standard input as one JSON object, never from the command line.
            Examples:
              pingqiao connector add --data DIR --id oa --kind generic --book C01
              printf '{"app_secret":"…","aes_key":"…","token":"…"}' | pingqiao connector add --data DIR --id dd \\
                --kind dingtalk --book C01 --option app_key=… --option corp_id=… --secrets-from-stdin
            """
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Id, which is the end of the callback address.") var id: String
    @Option(help: "generic, dingtalk, …") var kind: String
    @Option(help: "Book for cases whose company is not named otherwise.") var book: String
    @Option(help: "Name as shown; the id without it.") var name: String?
    @Option(help: "An option as name=value; may be repeated.") var option: [String] = []
    @Option(help: ArgumentHelp("A mapping of one's own; the shipped one without it.", valueName: "file"))
    var mapping: String?
    @Flag(help: "Read the vendor's secrets as a JSON object from standard input.") var secretsFromStdin = false

    func run() async throws {
        try await common.explaining {
            var options: [(String, JSON)] = []
            for text in option {
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { throw ValidationError("--option is name=value") }
                options.append((parts[0], (try? JSON(parsing: parts[1])) ?? .string(parts[1])))
            }
            var body: [(String, JSON)] = [
                ("id", .string(id)), ("kind", .string(kind)), ("home_book", .string(book)), ("name", .optional(name)),
                ("options", .object(options)),
            ]
            if secretsFromStdin { body.append(("secrets", try Self.standardInput())) }
            if let mapping {
                guard let text = try? String(contentsOfFile: mapping, encoding: .utf8) else {
                    throw ValidationError("--mapping cannot be read: \(mapping)")
                }
                body.append(("mapping", try JSON(parsing: text)))
            }
            let request = JSON.object(body)
            try await door.withAPI(in: common.language) { api in
                common.printSecret(try await api.ask("POST", "/api/v1/connectors", request))
            }
        }
    }

    static func standardInput() throws -> JSON {
        try JSON(parsing: [UInt8](FileHandle.standardInput.readDataToEndOfFile()))
    }
}

/// `pingqiao connector list`
struct ConnectorList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Print the connectors.")

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await common.explaining {
            try await door.withAPI(in: common.language) { api in
                let all = try await api.ask("GET", "/api/v1/connectors")
                if common.json { return Output.data(all.pretty) }
                for one in all["items"]?.array ?? [] {
                    let parts = ["id", "kind", "home_book", "name"].map { one[$0]?.string ?? "" }
                    let state = one["active"]?.bool == true ? "" : "\t(disabled)"
                    Output.data(parts.joined(separator: "\t") + state)
                }
            }
        }
    }
}

/// `pingqiao connector show`
struct ConnectorShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a connector as JSON, without its secrets."
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Argument(help: "Id of the connector.") var id: String

    func run() async throws {
        try await common.explaining {
            try await door.withAPI(in: common.language) { api in
                Output.data(try await api.ask("GET", "/api/v1/connectors/\(API.part(id))").pretty)
            }
        }
    }
}

/// `pingqiao connector disable`
struct ConnectorDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Take a connector out of use; what it received stays."
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Argument(help: "Id of the connector.") var id: String

    func run() async throws { try await common.post("/api/v1/connectors/\(API.part(id))/disable", at: door) }
}

/// `pingqiao connector enable`
struct ConnectorEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Take a connector into use again.")

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Argument(help: "Id of the connector.") var id: String

    func run() async throws { try await common.post("/api/v1/connectors/\(API.part(id))/enable", at: door) }
}

/// `pingqiao connector secret`
struct ConnectorSecret: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret", abstract: "Replace a connector's secrets.",
        discussion: """
            A generic connector gets a new one, printed once; the old one is taken until --retire.
            Example:
              pingqiao connector secret oa --data DIR && pingqiao connector secret oa --data DIR --retire
            """
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Argument(help: "Id of the connector.") var id: String
    @Flag(help: "Take only the newest secret from now on.") var retire = false
    @Flag(help: "Read the vendor's secrets as a JSON object from standard input.") var secretsFromStdin = false

    func run() async throws {
        if retire { return try await common.post("/api/v1/connectors/\(API.part(id))/retire-secret", at: door) }
        try await common.explaining {
            let secrets = secretsFromStdin ? try ConnectorAdd.standardInput() : [:]
            try await door.withAPI(in: common.language) { api in
                common.printSecret(try await api.ask("POST", "/api/v1/connectors/\(API.part(id))/secret", secrets))
            }
        }
    }
}

/// `pingqiao connector check`
struct ConnectorCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Try the setting at the vendor, and order its events there."
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Argument(help: "Id of the connector.") var id: String

    func run() async throws { try await common.post("/api/v1/connectors/\(API.part(id))/check", at: door) }
}

/// `pingqiao connector mapping`
struct ConnectorMapping: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mapping", abstract: "Print, try or replace how a vendor's forms become documents.",
        discussion: """
            Examples:
              pingqiao connector mapping dd --server URL > dd.json
              pingqiao connector mapping dd --server URL --file dd.json --try DELIVERY
              pingqiao connector mapping dd --server URL --file dd.json
            A trial prints document, problems and unmapped fields, and stores nothing; it exits with status 6 on problems.
            """
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Argument(help: "Id of the connector.") var id: String
    @Option(help: "A file with a mapping, which is put into use or tried.") var file: String?
    @Option(name: .customLong("try"), help: ArgumentHelp("Try it on a delivery that came.", valueName: "delivery"))
    var delivery: String?
    @Option(help: "Try it on a vendor's instance in a file.") var payload: String?

    func run() async throws {
        var hasProblems = false
        try await common.explaining {
            let path = "/api/v1/connectors/\(API.part(id))/mapping"
            let mapping = try file.map(Self.read)
            let sample = try payload.map(Self.read)
            try await door.withAPI(in: common.language) { api in
                if delivery != nil || sample != nil {
                    let trial = try await api.ask(
                        "POST", path + "/try",
                        .object([
                            ("mapping", mapping ?? .null), ("delivery", .optional(delivery)),
                            ("payload", sample ?? .null),
                        ])
                    )
                    hasProblems = trial["problems"]?.array?.isEmpty == false
                    return Output.data(trial.pretty)
                }
                guard let mapping else {
                    return Output.data((try await api.ask("GET", path)["mapping"] ?? .null).pretty)
                }
                let set = try await api.ask("PUT", path, mapping)
                Output.message("\(id): \(set["version"]?.text ?? "")")
            }
        }
        if hasProblems { throw ExitCode(Exit.findings) }
    }

    private static func read(_ path: String) throws -> JSON {
        guard let data = FileManager.default.contents(atPath: path) else { throw ProductFilesError.unreadable(path) }
        return try JSON(parsing: [UInt8](data))
    }
}

extension CommonOptions {
    /// The secret alone on standard output where one was made, or the whole answer as JSON.
    fileprivate func printSecret(_ answer: JSON) {
        if json { return Output.data(answer.pretty) }
        guard let secret = answer["secret"]?.string else {
            return Output.message(Phrase(zh: "已保存。", en: "Saved.").text(in: language))
        }
        Output.data(secret)
        Output.message(
            Phrase(zh: "密钥只显示这一次，请交给 OA 一方。", en: "The secret is shown this once; hand it to the OA's side.")
                .text(in: language)
        )
    }
}
