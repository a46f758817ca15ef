import Access
import HTTPTypes
package import Kernel
import Ledger

/// The description of the API, made from the table the routes are registered from (OpenAPI 3.1).
package enum OpenAPI {
    package static func document(of routes: [Route], shapes: APIShapes, version: String) -> JSON {
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
                    "schemas": shapes.components,
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
        if let body = note.body {
            members.append(
                (
                    "requestBody",
                    [
                        "required": .bool(note.needsBody),
                        "content": ["application/json": ["schema": reference(body)]],
                    ]
                )
            )
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
        let problem: JSON = ["schema": reference("Problem")]
        return JSON.object([
            JSON.Member(String(note.status), ["description": "Done.", "content": content(note.answer)]),
            JSON.Member(
                "default",
                ["description": "Refused, with the reason.", "content": ["application/problem+json": problem]]
            ),
        ])
    }

    private static func content(_ shape: RouteNote.Shape) -> JSON {
        switch shape {
        case .one(let name): ["application/json": ["schema": reference(name)]]
        case .list(let name): ["application/json": ["schema": list(of: name, [])]]
        case .page(let name):
            [
                "application/json": [
                    "schema": list(of: name, [JSON.Member("next_cursor", ["type": ["string", "null"]])])
                ]
            ]
        case .text: ["text/plain": ["schema": ["type": "string"]]]
        case .bytes: ["application/octet-stream": ["schema": ["type": "string", "format": "binary"]]]
        }
    }

    private static func list(of name: String, _ more: [JSON.Member]) -> JSON {
        let members = [JSON.Member("items", ["type": "array", "items": reference(name)])] + more
        return [
            "type": "object", "required": .array(members.map { .string($0.name) }), "properties": JSON.object(members),
        ]
    }

    private static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/" + name)] }

    private static let security: JSON = [["session": []], ["cookie": []]]

    private static func identifier(of route: Route) -> String {
        let parts = route.path.split { !$0.isLetter && !$0.isNumber }.filter { $0 != "api" && $0 != "v1" }
        return ([route.method.rawValue.lowercased()] + parts.map(String.init)).joined(separator: "_")
    }

    private static func parameters(of route: Route, _ note: RouteNote) -> [JSON] {
        let inPath = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            let name = String(part.dropFirst().dropLast())
            return parameter(name, in: "path", isRequired: true, "", schema(ofPart: name))
        }
        var inQuery = note.query.map {
            parameter(
                $0.name, in: "query", isRequired: $0.isRequired, $0.meaning, schema($0.form, isRequired: $0.isRequired)
            )
        }
        if case .right = route.needs {
            inQuery.append(
                parameter("book", in: "query", isRequired: false, "The book; one's first if missing.", schema(.text))
            )
        }
        return inPath + inQuery
    }

    private static func parameter(
        _ name: String, in place: String, isRequired: Bool, _ meaning: String, _ schema: JSON
    ) -> JSON {
        .object([
            ("name", .string(name)), ("in", .string(place)), ("required", .bool(isRequired)),
            ("description", .string(meaning)), ("schema", schema),
        ])
    }

    private static func schema(ofPart name: String) -> JSON {
        switch name {
        case "period": schema(.period, isRequired: true)
        case "act": schema(.choice(VoucherAct.words + ["reverse"]), isRequired: true)
        default: ["type": "string", "minLength": 1]
        }
    }

    /// A parameter that is there and empty counts as missing, because forms send it so.
    private static func schema(_ form: RouteNote.Parameter.Form, isRequired: Bool = false) -> JSON {
        switch form {
        case .text: ["type": "string"]
        case .limit: ["type": "integer", "minimum": 1, "maximum": 200]
        case .position: ["type": "integer", "minimum": 0]
        case .period:
            ["type": "string", "pattern": .string("^([0-9]{4}-(0[1-9]|1[0-2]))" + (isRequired ? "$" : "?$"))]
        case .choice(let words):
            ["type": "string", "enum": .array((words + (isRequired ? [] : [""])).map(JSON.string))]
        }
    }
}
