package import Cryptography

/// What the readers may use beyond the bytes of a file.
package struct EvidenceTools: Sendable {
    /// Whom to trust. `nil` leaves signatures unverified, which is the faster way to the fields.
    package let trust: TrustList?

    package init(trust: TrustList? = .empty) {
        self.trust = trust
    }

    /// The fields alone: signatures are only listed.
    package static let fieldsOnly = EvidenceTools(trust: nil)
}
