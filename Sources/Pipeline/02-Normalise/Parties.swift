package import Kernel

/// The people and units a document names, found among the company's dimension items (映射).
package struct Parties: Hashable, Sendable {
    /// Items by dimension, each once, in the order in which the document names them.
    package let found: [String: [Match]]
    package let unknown: [Unknown]

    package struct Match: Hashable, Sendable {
        package let vendorID: String
        package let item: MasterItem
    }

    /// Somebody the document names and the books do not know.
    package struct Unknown: Hashable, Sendable {
        /// JSON pointer into the document.
        package let path: String
        package let dimension: String
        package let vendorID: String
        package let name: String

        package init(path: String, dimension: String, vendorID: String, name: String) {
            self.path = path
            self.dimension = dimension
            self.vendorID = vendorID
            self.name = name
        }
    }

    /// Looks up everybody the document names.
    ///
    /// A party is found by the connector's mapping of its id, or by a code of ours that the OA sent along. Its name
    /// never decides: two people may share one.
    package init(of document: Document, in directory: PartyDirectory) {
        var search = Search(directory: directory, connector: document.approval.connector)
        let json = document.json
        search.look(["人员"], json["applicant"], "/applicant")
        search.look(["部门"], json["department"], "/department")
        search.look(Self.payeeDimensions(of: document.kind), json["payee"], "/payee")
        search.look(["银行账户"], json["payment"]?["bank_account"], "/payment/bank_account")
        for (index, item) in document.items.enumerated() {
            let path = "/items/\(index)"
            search.look(["部门"], item["department"], path + "/department")
            search.look(["项目"], item["project"], path + "/project")
            search.look(["供应商"], item["supplier"], path + "/supplier")
            search.look(["客户"], item["customer"], path + "/customer")
            if item["traveller"]?["relation"]?.string ?? "employee" == "employee" {
                search.look(["人员"], item["traveller"], path + "/traveller")
            }
        }
        found = search.found
        unknown = search.unknown
    }

    private static func payeeDimensions(of kind: String?) -> [String] {
        switch kind {
        case "income": ["客户", "供应商", "人员"]
        case "expense", "travel_claim", "advance", "repayment", "payroll": ["人员", "供应商"]
        default: ["供应商", "人员"]
        }
    }

    /// What to tell a person about those who are unknown; `nil` when everybody is known.
    package var problem: Problem? {
        guard let first = unknown.first else { return nil }
        let list = unknown.map { "\($0.dimension)「\($0.name)」(\($0.vendorID))" }.joined(separator: "、")
        return Problem(
            code: "mapping.unknown_party",
            title: Phrase(zh: "单据中有未对应的人员或单位。", en: "The document names somebody the books do not know."),
            location: Phrase(zh: first.path, en: first.path),
            cause: Phrase(zh: "没有对应关系：\(list)。", en: "Not mapped: \(list)."),
            remedy: Phrase(
                zh: "请在基础资料中建立或指定对应项目；对应之后所有等待的单据自动继续。",
                en: "Create or choose the item in master data; every case that waits for it then goes on by itself."
            )
        )
    }

    private struct Search {
        let directory: PartyDirectory
        let connector: String
        var found: [String: [Match]] = [:]
        var unknown: [Unknown] = []

        mutating func look(_ dimensions: [String], _ party: JSON?, _ path: String) {
            guard let party, let id = party["id"]?.string else { return }
            for dimension in dimensions {
                guard
                    let item = directory.item(
                        dimension: dimension, connector: connector, vendorID: id, code: party["code"]?.string
                    )
                else { continue }
                let match = Match(vendorID: id, item: item)
                if found[dimension]?.contains(match) != true { found[dimension, default: []].append(match) }
                return
            }
            let missing = Unknown(
                path: path, dimension: dimensions[0], vendorID: id, name: party["name"]?.string ?? id
            )
            if !unknown.contains(where: { $0.dimension == missing.dimension && $0.vendorID == missing.vendorID }) {
                unknown.append(missing)
            }
        }
    }
}

/// The dimension items of a book by code, and what each OA calls them.
package struct PartyDirectory: Sendable {
    private let items: [Key: MasterItem]
    private let codes: [VendorKey: String]

    private struct Key: Hashable, Sendable {
        let dimension: String
        let code: String
    }

    private struct VendorKey: Hashable, Sendable {
        let connector: String
        let dimension: String
        let vendorID: String
    }

    package init(items: [MasterItem], mappings: [PartyMapping]) {
        self.items = Dictionary(
            items.map { (Key(dimension: $0.dimension, code: $0.code), $0) }, uniquingKeysWith: { _, last in last }
        )
        codes = Dictionary(
            mappings.map {
                (VendorKey(connector: $0.connector, dimension: $0.dimension, vendorID: $0.vendorID), $0.code)
            },
            uniquingKeysWith: { _, last in last }
        )
    }

    package func item(dimension: String, code: String) -> MasterItem? {
        items[Key(dimension: dimension, code: code)]
    }

    package func item(dimension: String, connector: String, vendorID: String, code: String?) -> MasterItem? {
        let mapped = codes[VendorKey(connector: connector, dimension: dimension, vendorID: vendorID)]
        guard let code = mapped ?? code, let item = item(dimension: dimension, code: code), item.isActive else {
            return nil
        }
        return item
    }
}
