package import Kernel

/// Somebody who signs in, or once did (用户). A person is disabled, never deleted: the log names them.
package struct Person: Hashable, Identifiable, Sendable {
    package typealias ID = Identifier<Person>

    package let id: ID
    /// As `checkedLogin` made it.
    package let login: String
    package let name: String
    package let isActive: Bool

    package init(id: ID, login: String, name: String, isActive: Bool = true) {
        self.id = id
        self.login = login
        self.name = name
        self.isActive = isActive
    }

    package static let loginLengths = 2...64

    /// The one form of a login name: 2 to 64 of `a–z 0–9 . _ - @`, capitals made small.
    package static func checkedLogin(_ text: String) throws(AccessError) -> String {
        let login = text.lowercased()
        let isPlain = login.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "@"): true
            default: false
            }
        }
        guard isPlain, loginLengths.contains(login.utf8.count) else { throw .loginInvalid(text) }
        return login
    }
}
