package import Kernel

/// Why a list of accounts is not a chart.
package enum ChartError: Error, Hashable {
    case duplicate(AccountCode)
    case missingParent(AccountCode, parent: AccountCode)
    case leafWithChildren(AccountCode, child: AccountCode)
    case parentsInCircle(AccountCode)
    case namelessAccount(AccountCode)
    case tooManyAccounts(count: Int)
    case missingColumn(String)
    case badField(line: Int, column: String, found: String)
    case unevenRow(line: Int, expected: Int, found: Int)
}

extension ChartError: Explainable {
    package var problem: Problem {
        Problem(code: code, title: title, location: location, cause: cause, remedy: remedy)
    }

    private var code: String {
        switch self {
        case .duplicate: "chart.duplicate_account"
        case .missingParent: "chart.missing_parent"
        case .leafWithChildren: "chart.leaf_with_children"
        case .parentsInCircle: "chart.parents_in_circle"
        case .namelessAccount: "chart.nameless_account"
        case .tooManyAccounts: "chart.too_many_accounts"
        case .missingColumn: "chart.missing_column"
        case .badField: "chart.bad_field"
        case .unevenRow: "chart.uneven_row"
        }
    }

    private var title: Phrase {
        switch self {
        case .duplicate: Phrase(zh: "科目编码重复。", en: "An account code appears twice.")
        case .missingParent: Phrase(zh: "上级科目不存在。", en: "The parent account does not exist.")
        case .leafWithChildren: Phrase(zh: "末级科目下还有下级科目。", en: "A leaf account has children.")
        case .parentsInCircle: Phrase(zh: "科目的上下级关系成环。", en: "The parents of an account form a circle.")
        case .namelessAccount: Phrase(zh: "科目没有名称。", en: "An account has no name.")
        case .tooManyAccounts: Phrase(zh: "科目数量过多。", en: "The chart has too many accounts.")
        case .missingColumn: Phrase(zh: "科目表缺少一列。", en: "A column of the chart is missing.")
        case .badField: Phrase(zh: "科目表中有无法识别的内容。", en: "A field of the chart cannot be read.")
        case .unevenRow: Phrase(zh: "科目表某行的列数不对。", en: "A row of the chart has the wrong number of fields.")
        }
    }

    private var location: Phrase {
        switch self {
        case .duplicate(let account), .missingParent(let account, _), .leafWithChildren(let account, _),
            .parentsInCircle(let account), .namelessAccount(let account):
            Phrase(zh: "科目 \(account)", en: "account \(account)")
        case .tooManyAccounts: Phrase(zh: "科目表", en: "chart of accounts")
        case .missingColumn: Phrase(zh: "科目表第 1 行", en: "chart of accounts, line 1")
        case .badField(let line, let column, _):
            Phrase(zh: "科目表第 \(line) 行「\(column)」列", en: "chart of accounts, line \(line), column “\(column)”")
        case .unevenRow(let line, _, _): Phrase(zh: "科目表第 \(line) 行", en: "chart of accounts, line \(line)")
        }
    }

    private var cause: Phrase {
        switch self {
        case .duplicate(let account):
            Phrase(zh: "有两个科目的编码都是 \(account)。", en: "Two accounts have the code \(account).")
        case .missingParent(_, let parent):
            Phrase(zh: "它的上级科目 \(parent) 不在科目表中。", en: "Its parent \(parent) is not in the chart.")
        case .leafWithChildren(_, let child):
            Phrase(zh: "它标为末级，但科目 \(child) 是它的下级。", en: "It is marked as a leaf, but \(child) lies below it.")
        case .parentsInCircle:
            Phrase(zh: "沿上级科目逐级向上，回到了自身。", en: "Following its parents upwards leads back to itself.")
        case .namelessAccount: Phrase(zh: "名称为空。", en: "The name is empty.")
        case .tooManyAccounts(let count):
            Phrase(
                zh: "共有 \(count) 个科目，上限为 \(Chart.accountLimit) 个。",
                en: "There are \(count) accounts; the limit is \(Chart.accountLimit)."
            )
        case .missingColumn(let column):
            Phrase(zh: "表头中没有「\(column)」列。", en: "The header has no column “\(column)”.")
        case .badField(_, _, let found):
            Phrase(zh: "写的是「\(found)」，不是该列允许的值。", en: "It says “\(found)”, which this column does not allow.")
        case .unevenRow(_, let expected, let found):
            Phrase(zh: "表头有 \(expected) 列，该行有 \(found) 列。", en: "The header has \(expected) fields, the row \(found).")
        }
    }

    private var remedy: Phrase {
        switch self {
        case .duplicate: Phrase(zh: "请删除或改编其中一个科目。", en: "Remove one of them, or give it another code.")
        case .missingParent: Phrase(zh: "请补上该上级科目，或改正上级编码。", en: "Add the parent, or correct its code.")
        case .leafWithChildren:
            Phrase(zh: "请把上级科目标为非末级，或移走下级科目。", en: "Mark the parent as no leaf, or move the child.")
        case .parentsInCircle: Phrase(zh: "请改正上级科目编码。", en: "Correct the codes of the parents.")
        case .namelessAccount: Phrase(zh: "请填写科目名称。", en: "Give the account a name.")
        case .tooManyAccounts:
            Phrase(zh: "请用辅助核算代替过细的明细科目。", en: "Use dimensions instead of accounts for the details.")
        case .missingColumn:
            Phrase(zh: "请按随产品提供的科目表补齐表头。", en: "Complete the header as in the charts that ship with the product.")
        case .badField:
            Phrase(zh: "请改正后重新导入。", en: "Correct it and import the chart again.")
        case .unevenRow:
            Phrase(zh: "请补齐该行，含逗号的内容用英文双引号括起。", en: "Complete the row; put text with commas in double quotes.")
        }
    }
}
