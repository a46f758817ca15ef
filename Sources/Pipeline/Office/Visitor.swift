package import Access
import Kernel

/// Somebody at one of the doors: who it is, and what the grants allow.
package struct Visitor: Sendable {
    package let person: Person
    package let grants: [Grant]
    /// What every changing form of the session has to carry.
    package let formToken: String
    /// Came in with a one-time password and may do nothing but replace it.
    package let mustChangePassword: Bool

    package init(person: Person, grants: [Grant], formToken: String, mustChangePassword: Bool = false) {
        self.person = person
        self.grants = grants
        self.formToken = formToken
        self.mustChangePassword = mustChangePassword
    }

    /// Whoever runs a command on the machine itself, with the data folder and its master key in hand: the log says
    /// `system`. It administers; it has no part in vouchers.
    package static let machine = Visitor(
        person: Person(id: "system", login: "system", name: "system"),
        grants: [Role.admin, .security, .implementer].map {
            Grant(person: "system", role: $0, book: Grant.everyBook)
        },
        formToken: ""
    )

    /// Refuses whoever may not use a right in a book.
    package func require(_ right: Right, in book: Book.ID) throws(AccessError) {
        try person.may(right, in: book.text, grants: grants).require()
    }

    /// The book a visitor's rights are asked in where the work is no single company's, such as an inbox.
    package var homeBook: Book.ID {
        grants.map(\.book).filter { $0 != Grant.everyBook }.min().map { Book.ID($0) } ?? Book.installation
    }

    package func may(_ right: Right, in book: Book.ID) -> Bool {
        person.may(right, in: book.text, grants: grants).isAllowed
    }
}
