package import Kernel
package import Ledger

/// Chart, dimension items, and what the OA calls them (基础资料与映射).
package protocol MasterDataRepository {
    func chart() throws -> Chart
    func items() throws -> [MasterItem]
    func mappings() throws -> [PartyMapping]

    func setChart(_ accounts: [Account]) throws
    func set(_ item: MasterItem) throws
    func set(_ mapping: PartyMapping) throws
}

/// One item of a dimension, with what rules want to know of it (辅助核算项目).
package struct MasterItem: Hashable, Sendable {
    /// 部门, 人员, 供应商, 客户, 项目, 银行账户, 存货 or the company's own.
    package let dimension: String
    package let code: String
    package let name: String
    /// `family` and `account` of a department, `phase` of a project, `tax_id` of a supplier, `account` and
    /// `currency` of a bank account, ….
    package let attributes: JSON
    package let isActive: Bool

    package init(dimension: String, code: String, name: String, attributes: JSON = [:], isActive: Bool = true) {
        self.dimension = dimension
        self.code = code
        self.name = name
        self.attributes = attributes
        self.isActive = isActive
    }
}

/// That an id in an OA means an item here.
package struct PartyMapping: Hashable, Sendable {
    package let connector: String
    package let dimension: String
    package let vendorID: String
    package let code: String

    package init(connector: String, dimension: String, vendorID: String, code: String) {
        self.connector = connector
        self.dimension = dimension
        self.vendorID = vendorID
        self.code = code
    }
}

/// Rule books of a book, as text with versions.
package protocol RuleBookRepository {
    func published() throws -> [RuleBookText]
    func versions() throws -> [RuleBookText]
    func add(_ text: RuleBookText) throws
}

package struct RuleBookText: Hashable, Sendable {
    package let name: String
    package let version: Int
    package let effectiveFrom: Day
    package let text: String
    package let state: State
    package let author: String
    package let publisher: String?

    package enum State: String, Sendable {
        case draft
        case published
        case retired
    }

    package init(
        name: String, version: Int, effectiveFrom: Day, text: String, state: State, author: String, publisher: String?
    ) {
        self.name = name
        self.version = version
        self.effectiveFrom = effectiveFrom
        self.text = text
        self.state = state
        self.author = author
        self.publisher = publisher
    }
}
