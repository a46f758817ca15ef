import Kernel
import Markup

/// The facts of one XBRL instance of the Ministry of Finance's voucher standards, read without its taxonomy.
struct XBRLInstance {
    /// The namespace of the facts; its last segment says which voucher it is.
    let namespace: String
    let schemaRef: String?
    /// Facts by local name, in document order; nil facts are null.
    let facts: [(name: String, value: String?)]
    let tuples: [(name: String, items: [JSON])]
    private let positions: [String: Int]

    private static let taxonomies = "http://xbrl.mof.gov.cn/taxonomy/"

    static func fits(_ root: XMLElement) -> Bool { root.name == "xbrl" }

    /// The last segment of the namespace: `inv`, `rai`. Its date is not compared.
    var voucher: String { namespace.split(separator: "/").last.map(String.init) ?? "" }

    init(_ root: XMLElement) throws(EvidenceError) {
        let facts = root.children.filter { $0.namespace?.hasPrefix(Self.taxonomies) == true }
        namespace = facts.first?.namespace ?? ""
        schemaRef = root.first("schemaRef")?.attribute("href")
        var simple: [(name: String, value: String?)] = []
        var positions: [String: Int] = [:]
        var tuples = Groups()
        for fact in facts {
            if fact.attribute("contextRef") == nil, !fact.children.isEmpty {
                tuples.add(fact.name, Self.tuple(fact))
                continue
            }
            let value = Self.value(fact)
            if let index = positions[fact.name] {
                // Which of two amounts is the voucher's nobody can say.
                guard simple[index].value == value else {
                    throw EvidenceError(
                        .conflictingValues(field: fact.name, simple[index].value ?? "", value ?? "")
                    )
                }
            } else {
                positions[fact.name] = simple.count
                simple.append((fact.name, value))
            }
        }
        self.facts = simple
        self.tuples = tuples.list
        self.positions = positions
    }

    private static func value(_ fact: XMLElement) -> String? {
        fact.attribute("nil") == "true" || fact.attribute("nil") == "1" ? nil : fact.trimmed
    }

    private static func tuple(_ element: XMLElement) -> JSON {
        var members: [JSON.Member] = []
        var groups = Groups()
        for child in element.children {
            if child.children.isEmpty {
                members.append(JSON.Member(child.name, .optional(value(child))))
            } else {
                groups.add(child.name, tuple(child))
            }
        }
        return .object(members + groups.list.map { JSON.Member($0.name, .array($0.items)) })
    }

    /// Tuples by name, in the order of their first occurrence.
    private struct Groups {
        private(set) var list: [(name: String, items: [JSON])] = []
        private var positions: [String: Int] = [:]

        mutating func add(_ name: String, _ item: JSON) {
            if let index = positions[name] {
                list[index].items.append(item)
            } else {
                positions[name] = list.count
                list.append((name, [item]))
            }
        }
    }

    func has(_ name: String) -> Bool { positions[name] != nil || tuples.contains { $0.name == name } }

    /// A fact that says something: nil and empty ones are absent.
    func value(_ name: String) -> String? {
        guard let index = positions[name], let value = facts[index].value, !value.isEmpty else { return nil }
        return value
    }

    /// A fact as it stands: empty ones are empty texts.
    func written(_ name: String) -> JSON { positions[name].map { .optional(facts[$0].value) } ?? .null }

    func items(_ name: String) -> [JSON] { tuples.first { $0.name == name }?.items ?? [] }

    var json: JSON { json(blank: .string("")) }

    /// The facts, with those that say nothing as null.
    var jsonWithoutBlanks: JSON { json(blank: .null) }

    private func json(blank: JSON) -> JSON {
        .object([
            ("taxonomyNamespace", .string(namespace)),
            ("schemaRef", .optional(schemaRef)),
            ("facts", .object(facts.map { ($0.name, $0.value == "" ? blank : .optional($0.value)) })),
            ("tuples", .object(tuples.map { ($0.name, .array($0.items)) })),
        ])
    }
}
