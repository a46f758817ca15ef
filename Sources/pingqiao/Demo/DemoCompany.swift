import Kernel
import Ledger
import Pipeline

/// The invented company of the demo: its departments, people, suppliers and what the OA calls them.
enum DemoCompany {
    static let id: Book.ID = "C01"
    static let name = "云杉市砚池软件科技有限公司"
    static let taxID = "91330199MA68B9QL7C"
    /// Vouchers up to this amount are reviewed by policy; the rest goes to persons.
    static let automaticReviewCeiling: Int64 = 5_000_00

    static let book = Book(
        id: id, kind: .company, name: name, taxID: taxID,
        settings: Book.Settings(
            needsCashierSignature: true, automaticReviewAuthorisedBy: "lead",
            automaticReviewCeiling: automaticReviewCeiling, postsAutomatically: true
        )
    )

    static let items: [MasterItem] = [
        MasterItem(dimension: "部门", code: "D10", name: "行政部", attributes: ["family": "管理", "account": "6602"]),
        MasterItem(dimension: "部门", code: "D20", name: "销售部", attributes: ["family": "销售", "account": "6601"]),
        MasterItem(dimension: "部门", code: "D30", name: "研发部", attributes: ["family": "研发", "account": "5301"]),
        MasterItem(dimension: "部门", code: "D40", name: "一车间", attributes: ["family": "生产", "account": "5101"]),
        MasterItem(dimension: "人员", code: "E001", name: "张三"),
        MasterItem(dimension: "人员", code: "E002", name: "李四"),
        MasterItem(dimension: "人员", code: "E003", name: "王五"),
        MasterItem(dimension: "供应商", code: "S001", name: "云杉市松果文具有限公司"),
        MasterItem(dimension: "供应商", code: "S002", name: "鲸落市远岸材料有限公司"),
        MasterItem(dimension: "项目", code: "P07", name: "新一代网关", attributes: ["phase": "费用化"]),
        MasterItem(
            dimension: "银行账户", code: "B01", name: "工行基本户", attributes: ["currency": "CNY", "account": "1002"]
        ),
        MasterItem(dimension: "存货", code: "M001", name: "原料A", attributes: ["account": "1403"]),
    ]

    /// What the OA calls an item, by the item's code.
    static let vendorIDs: [(dimension: String, vendorID: String, code: String)] = [
        ("部门", "d-10", "D10"), ("部门", "d-20", "D20"), ("部门", "d-30", "D30"), ("部门", "d-40", "D40"),
        ("人员", "u-01", "E001"), ("人员", "u-02", "E002"), ("人员", "u-03", "E003"), ("供应商", "s-01", "S001"),
        ("供应商", "s-02", "S002"), ("项目", "p-07", "P07"), ("银行账户", "b-01", "B01"),
    ]

    /// Who works in the demo, with the role each has. Every duty is another person (职责分离).
    static let people: [(id: String, name: String, role: String)] = [
        ("maker", "周会计", "maker"), ("reviewer", "王芳", "reviewer"), ("cashier", "孙丽", "cashier"),
        ("poster", "赵磊", "poster"), ("lead", "李娜", "lead"), ("rules", "钱则", "rules"),
        ("implementer", "冯实", "implementer"), ("admin", "陈系统", "admin"), ("security", "吴安", "security"),
        ("auditor", "郑审", "auditor"),
    ]
}
