package import Kernel

/// One thing a person may be allowed to do in a book (权限).
///
/// Every route, command and page names the right it needs; whoever does not hold it is refused.
package enum Right: String, Hashable, Sendable, CaseIterable {
    case casesRead = "cases.read"
    case caseFix = "case.fix"
    case caseRetry = "case.retry"
    /// To say what became of a delivery whose outcome nobody could find out.
    case caseResolve = "case.resolve"
    case voucherRead = "voucher.read"
    case voucherEdit = "voucher.edit"
    case voucherApprove = "voucher.approve"
    case voucherSign = "voucher.sign"
    case voucherPost = "voucher.post"
    case voucherReverse = "voucher.reverse"
    case evidenceRead = "evidence.read"
    case evidenceAdd = "evidence.add"
    case masterdataRead = "masterdata.read"
    case masterdataEdit = "masterdata.edit"
    case mappingRead = "mapping.read"
    case mappingEdit = "mapping.edit"
    case rulesRead = "rules.read"
    case rulesEdit = "rules.edit"
    case rulesPublish = "rules.publish"
    case ledgerRead = "ledger.read"
    case ledgerExport = "ledger.export"
    case periodClose = "period.close"
    case periodReopen = "period.reopen"
    case archiveRead = "archive.read"
    case archiveBuild = "archive.build"
    case connectorRead = "connector.read"
    case connectorEdit = "connector.edit"
    case deliveryReplay = "delivery.replay"
    case logRead = "log.read"
    case logVerify = "log.verify"
    /// To set companies up.
    case booksAdd = "books.add"
    case usersRead = "users.read"
    case usersEdit = "users.edit"
    case rolesAssign = "roles.assign"
    /// To change how a book keeps duties apart, reviews and posts.
    case settingsEdit = "settings.edit"
    case metricsRead = "metrics.read"
    /// To see what became of one's own approvals.
    case ownRead = "own.read"

    /// What the right allows, as the end of "may …".
    package var title: Phrase {
        switch self {
        case .casesRead: Phrase(zh: "查看单据", en: "read cases")
        case .caseFix: Phrase(zh: "处理挂起的单据", en: "fix a held case")
        case .caseRetry: Phrase(zh: "重新处理单据", en: "retry a case")
        case .caseResolve: Phrase(zh: "确认未知结果", en: "resolve an unknown outcome")
        case .voucherRead: Phrase(zh: "查看凭证", en: "read vouchers")
        case .voucherEdit: Phrase(zh: "编制凭证", en: "make and edit vouchers")
        case .voucherApprove: Phrase(zh: "审核凭证", en: "approve and return vouchers")
        case .voucherSign: Phrase(zh: "出纳签字", en: "sign vouchers as cashier")
        case .voucherPost: Phrase(zh: "记账", en: "post vouchers")
        case .voucherReverse: Phrase(zh: "红字冲销", en: "reverse vouchers")
        case .evidenceRead: Phrase(zh: "查看原始凭证", en: "read e-vouchers")
        case .evidenceAdd: Phrase(zh: "添加原始凭证", en: "add e-vouchers")
        case .masterdataRead: Phrase(zh: "查看基础资料", en: "read master data")
        case .masterdataEdit: Phrase(zh: "维护基础资料", en: "edit master data")
        case .mappingRead: Phrase(zh: "查看映射", en: "read mappings")
        case .mappingEdit: Phrase(zh: "维护映射", en: "edit mappings")
        case .rulesRead: Phrase(zh: "查看规则集", en: "read rule books")
        case .rulesEdit: Phrase(zh: "编写规则集", en: "edit rule books")
        case .rulesPublish: Phrase(zh: "发布规则集", en: "publish rule books")
        case .ledgerRead: Phrase(zh: "查看账簿与报表", en: "read ledgers and reports")
        case .ledgerExport: Phrase(zh: "导出账簿", en: "export ledgers")
        case .periodClose: Phrase(zh: "结账", en: "close a period")
        case .periodReopen: Phrase(zh: "反结账", en: "reopen a period")
        case .archiveRead: Phrase(zh: "查看归档包", en: "read archive packages")
        case .archiveBuild: Phrase(zh: "归档与移交", en: "build and hand over archive packages")
        case .connectorRead: Phrase(zh: "查看连接器", en: "read connectors")
        case .connectorEdit: Phrase(zh: "配置连接器与密钥", en: "edit connectors and their secrets")
        case .deliveryReplay: Phrase(zh: "重放来件", en: "replay deliveries")
        case .logRead: Phrase(zh: "查看日志", en: "read the log")
        case .logVerify: Phrase(zh: "验证日志", en: "verify the log")
        case .booksAdd: Phrase(zh: "建立账套", en: "set up companies")
        case .usersRead: Phrase(zh: "查看用户", en: "read users")
        case .usersEdit: Phrase(zh: "维护用户", en: "create and disable users")
        case .rolesAssign: Phrase(zh: "分配角色", en: "assign roles")
        case .settingsEdit: Phrase(zh: "维护账套设置", en: "change the settings of a book")
        case .metricsRead: Phrase(zh: "查看运行指标", en: "read metrics")
        case .ownRead: Phrase(zh: "查看本人单据", en: "read one's own approvals")
        }
    }
}
