import Access
import ArgumentParser
import Cryptography
import Foundation
import Kernel
import Pipeline
import Storage

/// `pingqiao user …`: who may sign in.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Who may sign in.", subcommands: [UserAdd.self]
    )
}

/// `pingqiao user add`: makes a person, or gives one another role or password.
struct UserAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a person with a role in a book; the password is read from standard input.",
        discussion: """
            The last line of standard input is the password (8 to 128 characters).
            Example:
              printf %s "$PASSWORD" | pingqiao user add --data DIR --login wang --name 王芳 --role reviewer --book C01
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Login name.") var login: String
    @Option(help: "Name as shown.") var name: String
    @Option(help: "maker, reviewer, cashier, poster, lead, rules, implementer, admin, security, auditor or employee.")
    var role: String
    @Option(help: "Book the role is for; installation for the installation itself.") var book: String

    func run() async throws {
        try await common.explaining {
            guard let role = Role(rawValue: role) else { throw ValidationError("--role is not a known role") }
            let login = try Person.checkedLogin(login)
            let password = readLine(strippingNewline: true) ?? ""
            try PasswordPolicy.check(password, login: login)
            let hash = PasswordHash(hashing: password).text
            let person = Person(id: Person.ID(login), login: login, name: name)
            let grant = Grant(person: person.id, role: role, book: book)
            try await place.withStore { store in
                let now = Composition.systemClock()
                try await store.commit(Book.installation, key: unitKey("user", login), actor: "system", at: now) {
                    unit in
                    let others = try unit.installation.grants().filter { $0.person == person.id && $0 != grant }
                    if let conflict = dutyConflicts(in: others + [grant], profile: .small).first {
                        throw AccessError.dutyConflict(conflict)
                    }
                    try unit.installation.set(StoredPerson(person: person, passwordHash: hash))
                    try unit.installation.set(grant)
                }
                Output.message("\(login): \(role.title.text(in: common.language)) @ \(book)")
            }
        }
    }
}
