/// The accounts of a book as a tree (会计科目表).
///
/// The same code means different things under different standards, so a code has a meaning only within its chart.
package struct Chart: Hashable, Sendable {
    package static let accountLimit = 100_000

    /// All accounts, by code.
    package let accounts: [Account]
    private let indices: [AccountCode: Int]
    private let childrenOf: [AccountCode: [AccountCode]]
    private let levels: [AccountCode: Int]

    package init(_ accounts: [Account]) throws(ChartError) {
        guard accounts.count <= Self.accountLimit else { throw .tooManyAccounts(count: accounts.count) }
        let sorted = accounts.sorted { $0.code < $1.code }
        var indices: [AccountCode: Int] = [:]
        var children: [AccountCode: [AccountCode]] = [:]
        for (index, account) in sorted.enumerated() {
            guard !account.name.isEmpty else { throw .namelessAccount(account.code) }
            guard indices.updateValue(index, forKey: account.code) == nil else { throw .duplicate(account.code) }
            if let parent = account.parent { children[parent, default: []].append(account.code) }
        }
        for account in sorted {
            guard let parent = account.parent else { continue }
            guard let index = indices[parent] else { throw .missingParent(account.code, parent: parent) }
            guard !sorted[index].isLeaf else { throw .leafWithChildren(parent, child: account.code) }
        }
        levels = try Self.levels(of: sorted, children: children)
        self.accounts = sorted
        self.indices = indices
        childrenOf = children
    }

    package subscript(code: AccountCode) -> Account? { indices[code].map { accounts[$0] } }

    /// The account of a code if it takes lines.
    package func leaf(_ code: AccountCode) -> Account? {
        self[code].flatMap { $0.isLeaf ? $0 : nil }
    }

    package func children(of code: AccountCode) -> [Account] {
        childrenOf[code, default: []].compactMap { self[$0] }
    }

    /// The leaf below an account that has a name, such as 差旅费 below 6602.
    package func leaf(named name: String, under code: AccountCode) -> Account? {
        leaves(under: code).first { $0.name == name }
    }

    /// The leaves at and below an account.
    package func leaves(under code: AccountCode) -> [Account] {
        guard let account = self[code] else { return [] }
        return account.isLeaf ? [account] : children(of: code).flatMap { leaves(under: $0.code) }
    }

    /// The account and all above it, from the top.
    package func path(of code: AccountCode) -> [Account] {
        var path: [Account] = []
        var next = self[code]
        while let account = next {
            path.append(account)
            next = account.parent.flatMap { self[$0] }
        }
        return path.reversed()
    }

    /// The names from the top to the account: `管理费用-差旅费`.
    package func fullName(of code: AccountCode) -> String {
        path(of: code).map(\.name).joined(separator: "-")
    }

    /// 1 for an account at the top.
    package func level(of code: AccountCode) -> Int { levels[code] ?? 0 }

    /// Whether an account is another one or lies below it.
    package func lies(_ code: AccountCode, at ancestor: AccountCode) -> Bool {
        var next: AccountCode? = code
        while let code = next {
            if code == ancestor { return true }
            next = self[code]?.parent
        }
        return false
    }

    /// What a walk from the top does not reach hangs on itself.
    private static func levels(
        of accounts: [Account], children: [AccountCode: [AccountCode]]
    ) throws(ChartError) -> [AccountCode: Int] {
        var levels: [AccountCode: Int] = [:]
        var row = accounts.filter { $0.parent == nil }.map(\.code)
        var level = 1
        while !row.isEmpty {
            for code in row { levels[code] = level }
            row = row.flatMap { children[$0, default: []] }
            level += 1
        }
        for account in accounts where levels[account.code] == nil { throw .parentsInCircle(account.code) }
        return levels
    }
}
