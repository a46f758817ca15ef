package import Kernel

/// Which addresses a connector may call (SSRF rules).
///
/// A host must be listed. An entry is `host`, `host:port` or `*.domain`. Addresses inside of the company's network or
/// on this machine are called only where an administrator wrote the exact host; a name that was listed in general, or
/// that ships as a default, may never lead there, whatever its DNS says.
package struct AddressRules: Hashable, Sendable {
    private let listed: [Entry]
    private let defaults: [Entry]
    private let allowsPlainHTTP: Bool

    private struct Entry: Hashable, Sendable {
        let host: String
        let port: Int?
        let isDomain: Bool

        init(_ text: String) {
            let text = text.lowercased()
            isDomain = text.hasPrefix("*.")
            let name = isDomain ? String(text.dropFirst(2)) : text
            if name.first == "[", let close = name.lastIndex(of: "]") {
                host = String(name[name.index(after: name.startIndex)..<close])
                port = Int(name[close...].dropFirst(2))
            } else if IPAddress(name) != nil {
                host = name
                port = nil
            } else {
                let parts = name.split(separator: ":", maxSplits: 1)
                host = parts.first.map(String.init) ?? ""
                port = parts.count == 2 ? Int(parts[1]) ?? 0 : nil
            }
        }

        func covers(_ address: WebAddress) -> Bool {
            let isHost = isDomain ? address.host.hasSuffix("." + host) : address.host == host
            return isHost && address.port == (port ?? (address.isSecure ? 443 : 80))
        }
    }

    /// - Parameters:
    ///   - listed: What an administrator allowed.
    ///   - defaults: Hosts of the vendor, and those of addresses an administrator set elsewhere; public ones only.
    package init(listed: [String], defaults: [String] = [], allowsPlainHTTP: Bool = false) {
        self.listed = listed.map(Entry.init)
        self.defaults = defaults.map(Entry.init)
        self.allowsPlainHTTP = allowsPlainHTTP
    }

    /// Why an address may not be called by its spelling alone; `nil` if it may be looked up.
    package func refusal(of address: WebAddress) -> Phrase? {
        guard address.isSecure || allowsPlainHTTP else {
            return Phrase(zh: "只允许 https。", en: "Only https is allowed.")
        }
        guard (listed + defaults).contains(where: { $0.covers(address) }) else {
            return Phrase(
                zh: "\(address.host):\(address.port) 不在允许名单中。",
                en: "\(address.host):\(address.port) is not on the allow-list."
            )
        }
        return nil
    }

    /// Why the address a host leads to may not be called; `nil` if it may.
    package func refusal(of ip: IPAddress, for address: WebAddress) -> Phrase? {
        let isExact = listed.contains { !$0.isDomain && $0.covers(address) }
        let isLiteral = address.ip != nil || address.host == "localhost"
        let isAllowed =
            switch ip.reach {
            case .everywhere: true
            case .inside: isExact
            case .thisMachine, .nowhere: isExact && isLiteral
            }
        guard !isAllowed else { return nil }
        return Phrase(
            zh: "主机 \(address.host) 指向受保护的地址 \(ip.text)。",
            en: "The host \(address.host) leads to the protected address \(ip.text)."
        )
    }
}
