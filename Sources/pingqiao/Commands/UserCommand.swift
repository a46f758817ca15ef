import Access
import ArgumentParser
import Foundation
import Kernel

/// `pingqiao user …`: who may sign in, and with which roles.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Who may sign in, and with which roles.",
        subcommands: [
            UserAdd.self, UserList.self, UserRoles.self, UserDisable.self, UserEnable.self, UserReset.self,
            UserPassword.self,
        ]
    )
}

/// `pingqiao user add`: makes a person with a one-time password, and may give the first roles.
struct UserAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a person; the one-time password is printed once.",
        discussion: """
            Examples:
              pingqiao user add --data DIR --login wang --name 王芳 --role reviewer --book C01
              pingqiao user add --server http://127.0.0.1:8080 --token-file T --login wang --name 王芳
            With --server a role needs the security administrator's token and a person the system administrator's.
            """
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Login name.") var login: String
    @Option(help: "Name as vouchers show it.") var name: String
    @Option(help: ArgumentHelp("A role in --book; may be repeated. \(RoleNames.all)")) var role: [String] = []
    @Option(help: "Book the roles are for; installation for the system itself.") var book: String?

    func validate() throws {
        try RoleNames.check(role)
        guard role.isEmpty == (book == nil) else { throw ValidationError("--role and --book belong together") }
    }

    func run() async throws {
        try await common.explaining {
            try await door.withAPI(in: common.language) { api in
                let added = try await api.ask(
                    "POST", "/api/v1/people", ["login": .string(login), "name": .string(name)]
                )
                // Printed before anything else can fail: it is nowhere else.
                common.printPassword(added)
                guard let book, let id = added["person"]?["id"]?.string else { return }
                _ = try await api.ask(
                    "PUT", "/api/v1/people/\(API.part(id))/roles",
                    ["book": .string(book), "roles": .array(role.map(JSON.string))]
                )
            }
        }
    }
}

/// `pingqiao user list`
struct UserList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Print everybody with their roles.")

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await common.explaining {
            try await door.withAPI(in: common.language) { api in
                let people = try await api.ask("GET", "/api/v1/people")
                if common.json { return Output.data(people.pretty) }
                for person in people["items"]?.array ?? [] {
                    let roles = (person["grants"]?.array ?? []).map {
                        "\($0["role"]?.string ?? "")@\($0["book"]?.string ?? "")"
                    }
                    let state = person["active"]?.bool == true ? "" : "\t(disabled)"
                    Output.data(
                        "\(person["login"]?.string ?? "")\t\(person["name"]?.string ?? "")\t"
                            + roles.joined(separator: " ") + state
                    )
                }
            }
        }
    }
}

/// `pingqiao user roles`: says which roles a person holds in a book from now on.
struct UserRoles: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles", abstract: "Say which roles a person holds in a book from now on.",
        discussion: """
            Roles that are not named are taken back; without --role all of them are.
            Example:
              pingqiao user roles --data DIR --login li --book C01 --role lead
            """
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Login name.") var login: String
    @Option(help: "Book; installation for the system itself.") var book: String
    @Option(help: ArgumentHelp("A role; may be repeated. \(RoleNames.all)")) var role: [String] = []

    func validate() throws { try RoleNames.check(role) }

    func run() async throws {
        try await common.explaining {
            try await door.withAPI(in: common.language) { api in
                let answer = try await api.ask(
                    "PUT", "/api/v1/people/\(API.part(login))/roles",
                    ["book": .string(book), "roles": .array(role.map(JSON.string))]
                )
                if common.json { Output.data(answer.pretty) }
            }
        }
    }
}

/// `pingqiao user disable`
struct UserDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Keep a person out; every session ends at once."
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Login name.") var login: String

    func run() async throws { try await common.post("/api/v1/people/\(API.part(login))/disable", at: door) }
}

/// `pingqiao user enable`
struct UserEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Let a person in again.")

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Login name.") var login: String

    func run() async throws { try await common.post("/api/v1/people/\(API.part(login))/enable", at: door) }
}

/// `pingqiao user reset`
struct UserReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Give a person another one-time password, which is printed once."
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Login name.") var login: String

    func run() async throws {
        try await common.explaining {
            try await door.withAPI(in: common.language) { api in
                common.printPassword(try await api.ask("POST", "/api/v1/people/\(API.part(login))/reset-password"))
            }
        }
    }
}

/// Roles as options name them.
enum RoleNames {
    static let all = Role.allCases.map(\.rawValue).joined(separator: ", ")

    static func check(_ names: [String]) throws {
        for name in names where Role(rawValue: name) == nil {
            throw ValidationError("--role \(name) is none of \(all)")
        }
    }
}

extension CommonOptions {
    /// Sends a call without a body and prints its answer where JSON was asked for.
    func post(_ path: String, at door: DoorOptions) async throws {
        try await explaining {
            try await door.withAPI(in: language) { api in
                let answer = try await api.ask("POST", path)
                if json { Output.data(answer.pretty) }
            }
        }
    }

    /// The one-time password alone on standard output, or the whole answer as JSON.
    func printPassword(_ answer: JSON) {
        if json { return Output.data(answer.pretty) }
        Output.data(answer["one_time_password"]?.string ?? "")
        Output.message(
            Phrase(
                zh: "一次性密码，有效期至 \(answer["one_time_until"]?.string ?? "")；首次登录须修改。",
                en:
                    "A one-time password until \(answer["one_time_until"]?.string ?? ""); to be replaced when signing in."
            ).text(in: language)
        )
    }
}
