package import Kernel

/// A post in the finance department or beside it, and the rights that come with it (角色).
package enum Role: String, Hashable, Sendable, CaseIterable {
    /// 制单
    case maker
    /// 审核
    case reviewer
    /// 出纳
    case cashier
    /// 记账
    case poster
    /// 财务主管
    case lead
    /// 规则员
    case rules
    /// 实施
    case implementer
    /// 系统管理员
    case admin
    /// 安全管理员
    case security
    /// 审计员
    case auditor
    /// 员工
    case employee

    package var title: Phrase {
        switch self {
        case .maker: Phrase(zh: "制单", en: "maker")
        case .reviewer: Phrase(zh: "审核", en: "reviewer")
        case .cashier: Phrase(zh: "出纳", en: "cashier")
        case .poster: Phrase(zh: "记账", en: "poster")
        case .lead: Phrase(zh: "财务主管", en: "finance lead")
        case .rules: Phrase(zh: "规则员", en: "rule author")
        case .implementer: Phrase(zh: "实施", en: "implementer")
        case .admin: Phrase(zh: "系统管理员", en: "system administrator")
        case .security: Phrase(zh: "安全管理员", en: "security administrator")
        case .auditor: Phrase(zh: "审计员", en: "auditor")
        case .employee: Phrase(zh: "员工", en: "employee")
        }
    }

    /// What the role allows. The three administrators (三员) never touch a voucher.
    package var rights: Set<Right> {
        switch self {
        case .maker:
            Self.reading.union([
                .caseFix, .caseRetry, .voucherEdit, .voucherReverse, .evidenceAdd, .masterdataEdit, .mappingEdit,
                .deliveryReplay,
            ])
        case .reviewer: Self.reading.union([.voucherApprove])
        case .cashier: Self.reading.union([.voucherSign])
        case .poster: Self.reading.union([.voucherPost])
        case .lead:
            Self.reading.union([
                .caseFix, .caseRetry, .caseResolve, .voucherApprove, .voucherReverse, .masterdataEdit, .mappingEdit,
                .rulesPublish, .ledgerExport, .periodClose, .periodReopen, .archiveBuild, .deliveryReplay,
                .connectorRead, .logRead,
                .metricsRead, .settingsEdit,
            ])
        case .rules: [.casesRead, .voucherRead, .evidenceRead, .masterdataRead, .mappingRead, .rulesRead, .rulesEdit]
        case .implementer:
            [
                .casesRead, .caseFix, .caseRetry, .masterdataRead, .mappingRead, .mappingEdit, .rulesRead,
                .connectorRead, .connectorEdit, .deliveryReplay, .booksAdd, .metricsRead, .ownRead,
            ]
        case .admin: [.connectorRead, .connectorEdit, .booksAdd, .usersRead, .usersEdit, .metricsRead]
        case .security: [.usersRead, .rolesAssign, .logRead]
        case .auditor:
            Self.reading.subtracting([.ownRead]).union([
                .ledgerExport, .archiveBuild, .connectorRead, .logRead, .logVerify, .usersRead, .metricsRead,
            ])
        case .employee: [.ownRead]
        }
    }

    /// What everybody in the finance department sees.
    private static let reading: Set<Right> = [
        .casesRead, .voucherRead, .evidenceRead, .masterdataRead, .mappingRead, .rulesRead, .ledgerRead, .archiveRead,
        .ownRead,
    ]
}
