import Kernel

/// The sample approvals of the demo, in the order in which they arrive.
///
/// Each shows another way a case can go; `docs/demo.md` tells which.
struct DemoApprovals {
    private let form: DemoForm
    private let invoices: DemoInvoices

    init(now: Timestamp, connector: String) {
        form = DemoForm(connector: connector, now: now)
        invoices = DemoInvoices(now: now)
    }

    /// Everything but the amendment and the withdrawal, which follow when their first revisions are booked.
    var first: [JSON] {
        [
            office, travelRequest, hotel, entertainment, purchaseOrder, goodsReceipt, supplierInvoice, paymentAsked,
            paymentMade, advance, unbalanced, missingField, unknownPerson, toBeWithdrawn(1), toBeAmended(1),
        ]
    }

    /// What depends on the first being posted: the claim that offsets the advance, the invoice claimed again, the
    /// withdrawal and the amendment.
    var second: [JSON] { [offset, duplicate, toBeWithdrawn(2), toBeAmended(2)] }

    private var office: JSON {
        let invoice = invoices.office
        return form.document(
            "expense", "BX-1001", title: "行政部办公用品", total: "1130.00", minute: 59,
            items: [form.item(1, "office", gross: "1130.00", invoice: invoice.number)], files: [invoice.file]
        )
    }

    private var travelRequest: JSON {
        form.document(
            "travel_request", "CC-1002", title: "李四的出差申请", total: "3000.00", minute: 58,
            applicant: ("u-02", "李四"), department: ("d-20", "销售部"), items: [form.item(1, "hotel", gross: "3000.00")]
        )
    }

    private var hotel: JSON {
        let invoice = invoices.hotel
        return form.document(
            "travel_claim", "BX-1003", title: "李四的差旅报销", total: "848.00", minute: 57, applicant: ("u-02", "李四"),
            department: ("d-20", "销售部"),
            items: [form.item(1, "hotel", gross: "848.00", invoice: invoice.number)], files: [invoice.file],
            extra: [("cites", [["kind": "travel_request", "number": "CC-1002"]])]
        )
    }

    private var entertainment: JSON {
        let invoice = invoices.entertainment
        return form.document(
            "expense", "BX-1004", title: "客户招待餐费", total: "1060.00", minute: 56, applicant: ("u-02", "李四"),
            department: ("d-20", "销售部"),
            items: [form.item(1, "entertainment", gross: "1060.00", invoice: invoice.number)], files: [invoice.file]
        )
    }

    private var goods: JSON {
        form.item(
            1, "goods", gross: "56500.00",
            extra: [
                ("code", "M001"), ("quantity", "1000"), ("unit", "千克"), ("unit_price", "50.00"), ("net", "50000.00"),
                ("tax", "6500.00"), ("tax_rate", "0.13"), ("supplier", form.party("s-02", "鲸落市远岸材料有限公司")),
            ]
        )
    }

    private var purchaseOrder: JSON {
        form.document(
            "purchase_order", "PO-1005", title: "采购原料A", total: "56500.00", minute: 55,
            department: ("d-40", "一车间"), items: [goods], extra: [("payee", form.party("s-02", "鲸落市远岸材料有限公司"))]
        )
    }

    private var goodsReceipt: JSON {
        form.document(
            "goods_receipt", "RK-1006", title: "原料A入库", total: "56500.00", minute: 54,
            department: ("d-40", "一车间"), items: [goods],
            extra: [
                ("payee", form.party("s-02", "鲸落市远岸材料有限公司")),
                ("cites", [["kind": "purchase_order", "number": "PO-1005"]]),
            ]
        )
    }

    private var supplierInvoice: JSON {
        let invoice = invoices.goods
        let item = goods.setting("evidence", [["number": .string(invoice.number)]])
        return form.document(
            "supplier_invoice", "FP-1007", title: "远岸材料发票", total: "56500.00", minute: 53,
            department: ("d-40", "一车间"), items: [item], files: [invoice.file],
            extra: [
                ("payee", form.party("s-02", "鲸落市远岸材料有限公司")),
                (
                    "cites",
                    [
                        ["kind": "purchase_order", "number": "PO-1005"],
                        ["kind": "goods_receipt", "number": "RK-1006"],
                    ]
                ),
            ]
        )
    }

    private func payment(_ outcome: String, paidAt: Int64?) -> [(String, JSON)] {
        var payment: [(String, JSON)] = [
            ("mode", "bank_transfer"), ("direction", "out"), ("amount", "56500.00"),
            ("bank_account", form.party("b-01", "工行基本户")),
        ]
        if let paidAt {
            payment.append(("paid_at", .string(form.now.adding(seconds: -60 * paidAt).text(offsetSeconds: 8 * 3600))))
        }
        return [
            ("payee", form.party("s-02", "鲸落市远岸材料有限公司")), ("payment", .object(payment)),
            ("cites", [["kind": "supplier_invoice", "number": "FP-1007"]]),
        ]
    }

    private var paymentAsked: JSON {
        form.document(
            "payment", "FK-1008", title: "支付远岸材料货款", total: "56500.00", minute: 52,
            items: [
                form.item(
                    1, "payable", gross: "56500.00", extra: [("supplier", form.party("s-02", "鲸落市远岸材料有限公司"))]
                )
            ], extra: payment("approved", paidAt: nil)
        )
    }

    private var paymentMade: JSON {
        form.document(
            "payment", "FK-1009", title: "支付松果文具货款", total: "565.00", minute: 51, outcome: "paid",
            items: [
                form.item(
                    1, "payable", gross: "565.00", extra: [("supplier", form.party("s-01", "云杉市松果文具有限公司"))]
                )
            ],
            extra: [
                ("payee", form.party("s-01", "云杉市松果文具有限公司")),
                (
                    "payment",
                    [
                        "mode": "bank_transfer", "direction": "out", "amount": "565.00",
                        "bank_account": form.party("b-01", "工行基本户"),
                        "paid_at": .string(form.now.adding(seconds: -60 * 50).text(offsetSeconds: 8 * 3600)),
                    ]
                ),
            ]
        )
    }

    private var advance: JSON {
        form.document(
            "advance", "JK-1010", title: "张三出差借款", total: "3000.00", minute: 49, outcome: "paid",
            items: [form.item(1, "cash_advance", gross: "3000.00")],
            extra: [
                ("payee", form.party("u-01", "张三")), ("advance", ["amount": "3000.00"]),
                (
                    "payment",
                    [
                        "mode": "bank_transfer", "direction": "out", "amount": "3000.00",
                        "bank_account": form.party("b-01", "工行基本户"),
                        "paid_at": .string(form.now.adding(seconds: -60 * 48).text(offsetSeconds: 8 * 3600)),
                    ]
                ),
            ]
        )
    }

    private var offset: JSON {
        let invoice = invoices.secondHotel
        return form.document(
            "travel_claim", "BX-1011", title: "张三差旅报销（冲借款）", total: "2120.00", minute: 20,
            items: [form.item(1, "hotel", gross: "2120.00", invoice: invoice.number)], files: [invoice.file],
            extra: [
                ("advance", ["number": "JK-1010", "offset": "2120.00"]),
                ("cites", [["kind": "advance", "number": "JK-1010"]]),
            ]
        )
    }

    private var duplicate: JSON {
        let invoice = invoices.office
        return form.document(
            "expense", "BX-1012", title: "办公用品（重复报销）", total: "1130.00", minute: 47, applicant: ("u-03", "王五"),
            department: ("d-30", "研发部"),
            items: [
                form.item(
                    1, "office", gross: "1130.00", invoice: invoice.number,
                    extra: [("project", form.party("p-07", "新一代网关"))]
                )
            ], files: [invoice.file]
        )
    }

    private var unbalanced: JSON {
        form.document(
            "expense", "BX-1013", title: "合计与明细不符", total: "500.00", minute: 46,
            items: [form.item(1, "taxi", gross: "86.00")]
        )
    }

    private var missingField: JSON {
        form.document(
            "expense", "BX-1014", title: "没有合计金额", total: nil, minute: 45,
            items: [form.item(1, "taxi", gross: "86.00")]
        )
    }

    private var unknownPerson: JSON {
        form.document(
            "expense", "BX-1015", title: "新员工的市内交通费", total: "86.00", minute: 44, applicant: ("u-99", "新同事"),
            items: [form.item(1, "taxi", gross: "86.00")]
        )
    }

    private func toBeWithdrawn(_ revision: Int) -> JSON {
        let invoice = invoices.training
        return form.document(
            "expense", "BX-1016", title: "培训费（后撤回）", total: "636.00", minute: revision == 1 ? 43 : 10,
            revision: revision, outcome: revision == 1 ? "approved" : "withdrawn",
            items: [form.item(1, "training", gross: "636.00", invoice: invoice.number)], files: [invoice.file]
        )
    }

    private func toBeAmended(_ revision: Int) -> JSON {
        let invoice = invoices.consulting
        let department = revision == 1 ? ("d-10", "行政部") : ("d-20", "销售部")
        return form.document(
            "expense", "BX-1017", title: "咨询费（后改部门）", total: "2120.00", minute: revision == 1 ? 42 : 9,
            revision: revision, outcome: revision == 1 ? "approved" : "amended", department: department,
            items: [form.item(1, "consulting", gross: "2120.00", invoice: invoice.number)], files: [invoice.file]
        )
    }
}
