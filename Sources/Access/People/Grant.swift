import Kernel

/// A role that a person holds in one book (授权).
package struct Grant: Hashable, Sendable {
    /// The name that stands for every book, the installation included.
    package static let everyBook = "*"

    package let person: Person.ID
    package let role: Role
    package let book: String

    package init(person: Person.ID, role: Role, book: String) {
        self.person = person
        self.role = role
        self.book = book
    }

    package func covers(_ book: String) -> Bool { self.book == book || self.book == Self.everyBook }

    /// Whether there is a book that both grants cover.
    package func overlaps(_ other: Grant) -> Bool { covers(other.book) || other.covers(book) }
}

/// Whether a person may do something, and what says so.
package enum AccessDecision: Hashable, Sendable {
    case allowed(by: Grant)
    case denied(AccessError)

    package var isAllowed: Bool {
        if case .allowed = self { true } else { false }
    }

    /// Ends the work of somebody who may not do it.
    package func require() throws(AccessError) {
        if case .denied(let error) = self { throw error }
    }
}

extension Person {
    /// Decides whether this person may use a right in a book. Whatever no grant allows is denied.
    ///
    /// - Parameter token: The rights of the API token the person came with, if they did: it narrows, never widens.
    package func may(
        _ right: Right,
        in book: String,
        grants: some Sequence<Grant>,
        token: Set<Right>? = nil
    ) -> AccessDecision {
        guard isActive else { return .denied(.denied(right, book: book, because: .inactive)) }
        if let token, !token.contains(right) { return .denied(.denied(right, book: book, because: .notInToken)) }
        var isKnown = false
        for grant in grants where grant.person == id && grant.covers(book) {
            if grant.role.rights.contains(right) { return .allowed(by: grant) }
            isKnown = true
        }
        return .denied(.denied(right, book: book, because: isKnown ? .noRole : .noGrant))
    }
}
