/// An IPv4 or IPv6 address, as its bytes.
package struct IPAddress: Hashable, Sendable {
    /// Four or sixteen.
    package let bytes: [UInt8]

    /// Reads the one usual spelling: four decimal numbers without leading zeros, or RFC 4291 groups.
    package init?(_ text: String) {
        guard let bytes = text.contains(":") ? Self.groups(text) : Self.quad(text) else { return nil }
        self.bytes = bytes
    }

    package var text: String {
        guard bytes.count == 16 else { return bytes.map { String($0) }.joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
    }

    /// Where an address leads.
    package enum Reach: String, Sendable {
        case everywhere
        /// The company's own network: RFC 1918, RFC 6598, RFC 4193.
        case inside
        case thisMachine
        /// Link-local, multicast, unspecified, reserved, and IPv6 forms that wrap an IPv4 address.
        case nowhere
    }

    package var reach: Reach { bytes.count == 4 ? Self.reach(bytes) : reachOfSixteen }

    private var reachOfSixteen: Reach {
        if bytes.dropLast().allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? .thisMachine : .nowhere }
        if bytes[0] & 0xFE == 0xFC { return .inside }
        // Only 2000::/3 is handed out; ::ffff:0:0/96 and 64:ff9b::/96 lie outside of it.
        guard bytes[0] & 0xE0 == 0x20 else { return .nowhere }
        let isTeredo = bytes.starts(with: [0x20, 0x01, 0, 0])
        let isDocumentation = bytes.starts(with: [0x20, 0x01, 0x0D, 0xB8])
        let is6to4 = bytes.starts(with: [0x20, 0x02])
        return isTeredo || isDocumentation || is6to4 ? .nowhere : .everywhere
    }

    private static func reach(_ bytes: [UInt8]) -> Reach {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (127, _, _): .thisMachine
        case (10, _, _), (172, 16...31, _), (192, 168, _), (100, 64...127, _): .inside
        case (0, _, _), (169, 254, _), (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 18...19, _), (198, 51, 100),
            (203, 0, 113), (224..., _, _):
            .nowhere
        default: .everywhere
        }
    }

    private static func quad(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let bytes = parts.compactMap { part -> UInt8? in
            guard part.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0")
            else { return nil }
            return UInt8(part)
        }
        return bytes.count == 4 ? bytes : nil
    }

    private static func groups(_ text: String) -> [UInt8]? {
        let halves = text.components(separatedBy: "::")
        guard halves.count <= 2, let head = side(halves[0]) else { return nil }
        guard halves.count == 2 else { return head.count == 16 ? head : nil }
        guard let tail = side(halves[1]), head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func side(_ text: String) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains("."), index == parts.count - 1 {
                guard let four = quad(String(part)) else { return nil }
                bytes += four
                continue
            }
            guard (1...4).contains(part.utf8.count), !part.contains("+"), let group = UInt16(part, radix: 16) else {
                return nil
            }
            bytes += [UInt8(group >> 8), UInt8(group & 255)]
        }
        return bytes
    }
}

extension String {
    fileprivate func components(separatedBy mark: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: mark) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
