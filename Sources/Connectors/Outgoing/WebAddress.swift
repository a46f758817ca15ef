package import Kernel

/// An `http` or `https` address in its one plain spelling.
///
/// What different readers of addresses could understand differently is refused, so that the host that was checked is
/// the host that is called: user names, escapes and non-ASCII in the host, numbers that are no plain IPv4 address, a
/// trailing point, back slashes, blanks.
package struct WebAddress: Hashable, Sendable {
    package static let lengthLimit = 4_096

    package let isSecure: Bool
    /// In lower case; an IPv6 address stands without its brackets.
    package let host: String
    package let port: Int
    /// The path with its query, beginning with `/`.
    package let target: String

    /// The address of a literal; `nil` where the host is a name.
    package var ip: IPAddress? { IPAddress(host) }

    /// Why a text is not such an address.
    package struct Refusal: Error, Hashable {
        package let reason: Phrase
    }

    package init(_ text: String) throws(Refusal) {
        guard text.utf8.count <= Self.lengthLimit else {
            throw Refusal(reason: Phrase(zh: "地址过长。", en: "The address is too long."))
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw Refusal(
                reason: Phrase(
                    zh: "地址含有空白、控制字符或反斜杠。", en: "The address has a blank, a control character or a back slash.")
            )
        }
        let lowered = text.prefix(8).lowercased()
        guard lowered.hasPrefix("https://") || lowered.hasPrefix("http://") else {
            throw Refusal(reason: Phrase(zh: "地址必须以 https:// 开头。", en: "The address must begin with https://."))
        }
        isSecure = lowered.hasPrefix("https://")
        let rest = text.dropFirst(isSecure ? 8 : 7)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        (host, port) = try Self.authority(rest[..<end], isSecure: isSecure)
        let tail = rest[end...].prefix { $0 != "#" }
        target = Self.escaped(tail.first == "/" ? String(tail) : "/" + tail)
    }

    /// The address as it is called.
    package var text: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(isSecure ? "https" : "http")://\(name):\(port)\(target)"
    }

    /// For people and logs: without the query, which may carry a signature or a key.
    package var shown: String { text.split(separator: "?", maxSplits: 1).first.map(String.init) ?? text }

    private static func authority(_ text: Substring, isSecure: Bool) throws(Refusal) -> (String, Int) {
        guard !text.contains("@") else {
            throw Refusal(reason: Phrase(zh: "地址含有用户名。", en: "The address has a user name."))
        }
        var name = text
        var portText: Substring?
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else { throw badHost(text) }
            name = text[text.index(after: text.startIndex)..<close]
            let after = text[text.index(after: close)...]
            guard after.isEmpty || after.first == ":" else { throw badHost(text) }
            if !after.isEmpty { portText = after.dropFirst() }
            guard name.contains(":"), IPAddress(String(name)) != nil else { throw badHost(text) }
        } else {
            if let colon = text.firstIndex(of: ":") {
                name = text[..<colon]
                portText = text[text.index(after: colon)...]
            }
            try check(name)
        }
        let port: Int
        if let portText {
            guard portText.utf8.count <= 5, portText.utf8.allSatisfy(isDigit), let number = Int(portText),
                (1...65_535).contains(number)
            else { throw Refusal(reason: Phrase(zh: "端口无效。", en: "The port is not valid.")) }
            port = number
        } else {
            port = isSecure ? 443 : 80
        }
        return (name.lowercased(), port)
    }

    private static func check(_ name: Substring) throws(Refusal) {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard !name.isEmpty, name.utf8.count <= 253,
            labels.allSatisfy({ label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "-") || isLetter($0) }
            })
        else { throw badHost(name) }
        // 2130706433, 0x7f.1 and 127.1 are addresses to some readers and names to others.
        guard let last = labels.last, let first = last.utf8.first else { throw badHost(name) }
        if isDigit(first), last.utf8.allSatisfy(isDigit) || last.lowercased().hasPrefix("0x") {
            guard IPAddress(String(name)) != nil else { throw badHost(name) }
        }
    }

    private static func badHost(_ text: Substring) -> Refusal {
        Refusal(
            reason: Phrase(
                zh: "主机「\(text)」不是规范写法的主机名或地址。", en: "The host “\(text)” is not a plainly spelt name or address."
            )
        )
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Bytes a request line may not have become escapes; escapes that are there stay.
    private static func escaped(_ text: String) -> String {
        var output: [UInt8] = []
        for byte in text.utf8 {
            if byte < 0x7F, !#""<>^`{|}"#.utf8.contains(byte) {
                output.append(byte)
            } else {
                let digits = Array("0123456789ABCDEF".utf8)
                output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
