import Cryptography
import HTTPTypes
package import Hummingbird
import Kernel
import Pipeline

/// The fields of a form that a page sent (`application/x-www-form-urlencoded`).
package struct Form: Sendable {
    /// No form of ours is larger.
    package static let limit = 64 << 10
    package static let tokenField = "form_token"

    private let fields: [String: String]
    /// The request's head, for its address and cookies.
    package let request: Request

    init(_ request: Request) async throws {
        self.request = request
        let type = request.headers[.contentType] ?? ""
        guard type.lowercased().hasPrefix("application/x-www-form-urlencoded") else {
            throw DoorError.badParameter(
                "content-type", expected: "application/x-www-form-urlencoded", found: String(type.prefix(80))
            )
        }
        fields = Self.fields(of: try await request.bytes(upTo: Self.limit))
    }

    /// The text of a field without blanks at its ends; `nil` when it is missing or empty.
    package subscript(name: String) -> String? {
        guard let text = fields[name] else { return nil }
        let trimmed = text.trimmed
        return trimmed.isEmpty ? nil : trimmed
    }

    /// The text of a field that has to be there.
    package func require(_ name: String) throws(DoorError) -> String {
        guard let text = self[name] else { throw .badParameter(name, expected: "a text", found: "") }
        return text
    }

    /// The text exactly as it was typed, for passwords.
    package func raw(_ name: String) -> String { fields[name] ?? "" }

    /// Refuses a form that does not belong to the visitor's session (S-14).
    func check(for visitor: Visitor) throws(DoorError) {
        guard isEqualInConstantTime(Array(raw(Self.tokenField).utf8), Array(visitor.formToken.utf8)) else {
            throw .formExpired
        }
    }

    static func fields(of body: [UInt8]) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in body.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            fields[decoded(parts[0])] = parts.count > 1 ? decoded(parts[1]) : ""
        }
        return fields
    }

    /// Undoes percent signs, and plus signs where forms write blanks so.
    static func decoded(_ bytes: ArraySlice<UInt8>, plusIsBlank: Bool = true) -> String {
        var output: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.endIndex,
                let value = [UInt8](hex: String(decoding: bytes[index + 1...index + 2], as: UTF8.self))
            {
                output.append(value[0])
                index += 3
                continue
            }
            output.append(byte == UInt8(ascii: "+") && plusIsBlank ? UInt8(ascii: " ") : byte)
            index += 1
        }
        return String(decoding: output, as: UTF8.self)
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
