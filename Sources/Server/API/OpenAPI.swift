import Access
import HTTPTypes
package import Kernel

/// The description of the API, made from the table the routes are registered from (OpenAPI 3.1).
package enum OpenAPI {
    package static func document(of routes: [Route], version: String) -> JSON {
        var paths: [(path: String, operations: [(String, JSON)])] = []
        for route in routes {
            guard let note = route.note else { continue }
            let operation = (route.method.rawValue.lowercased(), operation(route, note))
            if let index = paths.firstIndex(where: { $0.path == route.path }) {
                paths[index].operations.append(operation)
            } else {
                paths.append((route.path, [operation]))
            }
        }
        return .object([
            ("openapi", "3.1.0"),
            ("info", ["title": "凭桥 Pingqiao", "version": .string(version), "description": .string(about)]),
            ("paths", .object(paths.map { ($0.path, .object($0.operations)) })),
            (
                "components",
                [
                    "schemas": ["Problem": problem],
                    "securitySchemes": [
                        "session": ["type": "http", "scheme": "bearer"],
                        "cookie": ["type": "apiKey", "in": "cookie", "name": .string(SignInMiddleware.cookie)],
                    ],
                ]
            ),
        ])
    }

    private static let about =
        "Amounts are decimal text. Lists are paged by an opaque cursor. Errors are problem+json (RFC 9457) with code, "
        + "remedy and trace_id. The book is named by the query parameter `book`."

    private static func operation(_ route: Route, _ note: RouteNote) -> JSON {
        var members: [(String, JSON)] = [
            ("operationId", .string(identifier(of: route))), ("summary", .string(note.summary)),
            ("parameters", .array(parameters(of: route, note))),
        ]
        if !note.body.isEmpty {
            let properties = note.body.map { JSON.Member($0.name, ["description": .string($0.meaning)]) }
            let schema: JSON = ["type": "object", "properties": JSON.object(properties)]
            members.append(("requestBody", ["content": ["application/json": ["schema": schema]]]))
        }
        members.append(("responses", responses(note)))
        switch route.needs {
        case .nothing: members.append(("security", []))
        case .newcomer, .person: members.append(("security", security))
        case .right(let right), .installation(let right):
            members.append(("security", security))
            members.append(("x-right", .string(right.rawValue)))
        }
        return .object(members)
    }

    private static func responses(_ note: RouteNote) -> JSON {
        let isJSON = note.contentType == "application/json"
        let content = JSON.Member(note.contentType, ["schema": ["type": .string(isJSON ? "object" : "string")]])
        let problem: JSON = ["schema": ["$ref": "#/components/schemas/Problem"]]
        return JSON.object([
            JSON.Member(String(note.status), ["description": "Done.", "content": JSON.object([content])]),
            JSON.Member(
                "default",
                ["description": "Refused, with the reason.", "content": ["application/problem+json": problem]]
            ),
        ])
    }

    private static let security: JSON = [["session": []], ["cookie": []]]

    private static func identifier(of route: Route) -> String {
        let parts = route.path.split { !$0.isLetter && !$0.isNumber }.filter { $0 != "api" && $0 != "v1" }
        return ([route.method.rawValue.lowercased()] + parts.map(String.init)).joined(separator: "_")
    }

    private static func parameters(of route: Route, _ note: RouteNote) -> [JSON] {
        let inPath = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            parameter(String(part.dropFirst().dropLast()), place: "path", isRequired: true, meaning: "")
        }
        var inQuery = note.query.map { parameter($0.name, place: "query", isRequired: false, meaning: $0.meaning) }
        if case .right = route.needs {
            inQuery.append(
                parameter("book", place: "query", isRequired: false, meaning: "The book; one's first if missing.")
            )
        }
        return inPath + inQuery
    }

    private static func parameter(_ name: String, place: String, isRequired: Bool, meaning: String) -> JSON {
        .object([
            ("name", .string(name)), ("in", .string(place)), ("required", .bool(isRequired)),
            ("description", .string(meaning)), ("schema", ["type": "string"]),
        ])
    }

    private static let problem: JSON = [
        "type": "object",
        "required": ["type", "title", "status", "detail", "code", "trace_id"],
        "properties": [
            "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
            "detail": ["type": "string"], "instance": ["type": "string"], "remedy": ["type": "string"],
            "code": ["type": "string"], "trace_id": ["type": "string"],
        ],
    ]
}
