import ArgumentParser
import Foundation
import Kernel

/// `pingqiao sign-in`: a token for the commands that take `--server`.
struct SignInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-in",
        abstract: "Sign in at a running server and print the token; the password is standard input.",
        discussion: """
            Example:
              export PINGQIAO_TOKEN=$(printf %s "$PASSWORD" | pingqiao sign-in --server http://127.0.0.1:8080 --login wang)
            The token ends after 30 minutes without use.
            """
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Login name.") var login: String

    func validate() throws {
        guard door.server != nil else { throw ValidationError("--server is missing") }
    }

    func run() async throws {
        try await common.explaining {
            let password = readLine(strippingNewline: true) ?? ""
            try await door.withAPI(in: common.language) { api in
                let answer = try await api.ask(
                    "POST", "/api/v1/sign-in", ["login": .string(login), "password": .string(password)]
                )
                Output.data(common.json ? answer.pretty : answer["token"]?.string ?? "")
                if answer["must_change_password"]?.bool == true {
                    Output.message(
                        Phrase(
                            zh: "这是一次性密码，请先修改：pingqiao user password",
                            en: "This is a one-time password; replace it first: pingqiao user password"
                        ).text(in: common.language)
                    )
                }
            }
        }
    }
}

/// `pingqiao user password`: replaces one's own password.
struct UserPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Replace one's own password at a running server; prints a new token.",
        discussion: """
            Standard input is two lines: the current password and the new one.
            Example:
              printf '%s\\n%s\\n' "$OLD" "$NEW" | pingqiao user password --server http://127.0.0.1:8080 --login wang
            """
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Login name.") var login: String

    func validate() throws {
        guard door.server != nil else { throw ValidationError("--server is missing") }
    }

    func run() async throws {
        try await common.explaining {
            let current = readLine(strippingNewline: true) ?? ""
            let new = readLine(strippingNewline: true) ?? ""
            var signedIn: JSON = .null
            try await door.withAPI(in: common.language) { api in
                signedIn = try await api.ask(
                    "POST", "/api/v1/sign-in", ["login": .string(login), "password": .string(current)]
                )
            }
            let token = signedIn["token"]?.string
            try await door.withAPI(in: common.language, token: token) { api in
                let answer = try await api.ask(
                    "POST", "/api/v1/people/me/password", ["current": .string(current), "new": .string(new)]
                )
                Output.data(common.json ? answer.pretty : answer["token"]?.string ?? "")
            }
        }
    }
}
