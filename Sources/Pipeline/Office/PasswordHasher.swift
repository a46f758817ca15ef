package import Cryptography

/// The slow work of passwords, away from the threads that answer requests and a few at a time.
package struct PasswordHasher: Sendable {
    package let matches: @Sendable (PasswordHash, String) async -> Bool
    /// The PHC text of a new password.
    package let hash: @Sendable (String) async throws -> String

    package init(
        matches: @escaping @Sendable (PasswordHash, String) async -> Bool,
        hash: @escaping @Sendable (String) async throws -> String
    ) {
        self.matches = matches
        self.hash = hash
    }

    /// Works where it is called; for commands, which have nobody waiting.
    package static let here = PasswordHasher(
        matches: { $0.matches($1) }, hash: { PasswordHash(hashing: $0).text }
    )
}
