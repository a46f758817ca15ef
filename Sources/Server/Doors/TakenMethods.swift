import HTTPTypes

/// Which methods an address takes, so that another one is told apart from an address that does not exist.
struct TakenMethods: Sendable {
    private let routes: [(parts: [Substring], method: HTTPRequest.Method)]

    init(_ routes: [Route]) {
        self.routes = routes.map { ($0.path.split(separator: "/"), $0.method) }
    }

    /// The methods of an address with commas between them; `nil` where nothing stands at it, or it takes the method.
    func others(than method: HTTPRequest.Method, at path: String) -> String? {
        let parts = path.split(separator: "/")
        let taken = Set(routes.filter { Self.matches($0.parts, parts) }.map(\.method))
        guard !taken.isEmpty, !taken.contains(method) else { return nil }
        return (taken.map(\.rawValue) + (taken.contains(.get) ? ["HEAD"] : [])).sorted().joined(separator: ", ")
    }

    private static func matches(_ template: [Substring], _ parts: [Substring]) -> Bool {
        template.count == parts.count && zip(template, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
