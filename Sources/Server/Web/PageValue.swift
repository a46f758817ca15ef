import Kernel
import Mustache

/// Turns the view of a page into what templates read.
enum PageValue {
    static func members(of view: JSON) -> [String: any Sendable] {
        var output: [String: any Sendable] = [:]
        for member in view.members ?? [] { output[member.name] = value(member.value) }
        return output
    }

    private static func value(_ json: JSON) -> any Sendable {
        switch json {
        case .null: return Nothing()
        case .bool(let bool): return bool
        case .number(let text): return text
        case .string(let text): return text.isEmpty ? Nothing() as any Sendable : inert(text)
        case .array(let values): return values.map(value)
        case .object: return members(of: json)
        }
    }

    /// Stands for what is not there: it prints nothing, its section is skipped, and an outer value of the same name
    /// does not show through.
    struct Nothing: MustacheCustomRenderable, Sendable {
        var renderText: String { "" }
        var isNull: Bool { true }
    }

    /// The text with a zero-width space after each character that HTML gives a meaning, where a combining mark follows.
    ///
    /// The template engine escapes whole characters; a quotation mark with an accent is another character to it, but
    /// still ends an attribute in a browser.
    static func inert(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.contains(where: isSpecial), scalars.contains(where: { !$0.isASCII }) else { return text }
        var output = String.UnicodeScalarView()
        var afterSpecial = false
        for scalar in scalars {
            if !scalar.isASCII, afterSpecial { output.append("\u{200B}") }
            output.append(scalar)
            afterSpecial = isSpecial(scalar)
        }
        return String(output)
    }

    private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "<", ">", "&", "\"", "'": true
        default: false
        }
    }
}
