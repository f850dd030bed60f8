// Types of the control API: made by `python -m tests.support.console_types`, not by hand.
/* eslint-disable */
export interface paths {
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["who_am_i_api_session_get"];
        put?: never;
        post: operations["sign_in_api_session_post"];
        delete: operations["sign_out_api_session_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["show_second_factor_api_session_second_factor_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/passkey/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["passkey_options_api_session_passkey_options_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["sign_in_by_passkey_api_session_passkey_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/prove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["prove_api_session_prove_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["choose_account_api_session_account_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_sessions_api_sessions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/end-others": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["end_others_api_sessions_end_others_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["end_session_api_sessions__session_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/security": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_security_api_security_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/security/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["enrol_totp_api_security_totp_post"];
        delete: operations["remove_totp_api_security_totp_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/security/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["confirm_totp_api_security_totp_confirm_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/security/backup-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["renew_backup_codes_api_security_backup_codes_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/security/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["new_passkey_options_api_security_passkeys_options_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/security/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["add_passkey_api_security_passkeys_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/security/passkeys/{passkey_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["rename_passkey_api_security_passkeys__passkey_id__put"];
        post?: never;
        delete: operations["remove_passkey_api_security_passkeys__passkey_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_providers_api_session_oidc_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/oidc/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["depart_api_session_oidc__name__post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/security/oidc/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["depart_to_link_api_security_oidc__name__post"];
        delete: operations["unlink_api_security_oidc__name__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/oidc/{name}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["come_back_api_session_oidc__name__callback_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["change_password_api_password_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/password/forgotten": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["forgotten_api_password_forgotten_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/password/set": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["set_password_api_password_set_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_keys_api_keys_get"];
        put?: never;
        post: operations["create_key_api_keys_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_key_api_keys__key_id__get"];
        put: operations["change_key_api_keys__key_id__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{key_id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["rotate_key_api_keys__key_id__rotate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{key_id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["revoke_key_api_keys__key_id__revoke_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{key_id}/report-leak": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["report_leak_api_keys__key_id__report_leak_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_overview_api_overview_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_jobs_api_jobs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["export_jobs_api_jobs_csv_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_job_api_jobs__job_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_usage_api_usage_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["export_usage_api_usage_csv_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_credits_api_credits_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/lots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_lots_api_credits_lots_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_lines_api_ledger_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ledger.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["export_lines_api_ledger_csv_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recharges/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_options_api_recharges_options_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recharges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_recharges_api_recharges_get"];
        put?: never;
        post: operations["create_recharge_api_recharges_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recharges/{recharge_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_recharge_api_recharges__recharge_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recharges/{recharge_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["cancel_api_recharges__recharge_id__cancel_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/codes/redeem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["redeem_code_api_codes_redeem_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auto-recharge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_api_auto_recharge_get"];
        put: operations["agree_api_auto_recharge_put"];
        post?: never;
        delete: operations["end_api_auto_recharge_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/statements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_statements_api_statements_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/statements/{statement_id}.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["export_statement_api_statements__statement_id__csv_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/statements/{statement_id}.html": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["print_statement_api_statements__statement_id__html_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/statements/{statement_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_statement_api_statements__statement_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_payments_api_payments_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/{payment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_payment_api_payments__payment_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["receive_webhooks__provider__post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_rules_api_sign_up_get"];
        put?: never;
        post: operations["sign_up_api_sign_up_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-up/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["make_challenge_api_sign_up_challenge_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-up/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["send_again_api_sign_up_resend_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-up/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["confirm_api_sign_up_confirm_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invitations/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["look_api_invitations_look_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["accept_api_invitations_accept_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invitations/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["join_api_invitations_join_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_members_api_members_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/members/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_invitations_api_members_invitations_get"];
        put?: never;
        post: operations["invite_api_members_invitations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/members/invitations/{invitation_id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["revoke_invitation_api_members_invitations__invitation_id__revoke_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/members/{person_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["change_role_api_members__person_id__put"];
        post?: never;
        delete: operations["remove_api_members__person_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/members/{person_id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["transfer_api_members__person_id__transfer_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_api_account_get"];
        put: operations["change_api_account_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/account/terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["accept_api_account_terms_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/person": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_api_person_get"];
        put: operations["change_api_person_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/person/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["export_api_person_export_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/person/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["erase_api_person_erase_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/support": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_support_requests_api_support_get"];
        put?: never;
        post: operations["ask_support_api_support_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/support/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_support_request_api_support__request_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/support/{request_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["write_to_support_api_support__request_id__messages_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/support/{request_id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["close_support_request_api_support__request_id__close_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_adjustments_api_adjustments_get"];
        put?: never;
        post: operations["ask_adjustment_api_adjustments_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/adjustments/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_adjustment_api_adjustments__request_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/adjustments/{request_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["withdraw_adjustment_api_adjustments__request_id__withdraw_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_refunds_api_refunds_get"];
        put?: never;
        post: operations["ask_refund_api_refunds_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/refunds/refundable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_refundable_api_refunds_refundable_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/refunds/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_refund_api_refunds__request_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/refunds/{request_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["withdraw_refund_api_refunds__request_id__withdraw_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_withdrawals_api_withdrawals_get"];
        put?: never;
        post: operations["ask_withdrawal_api_withdrawals_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/withdrawals/offer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_offer_api_withdrawals_offer_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/withdrawals/{withdrawal_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_withdrawal_api_withdrawals__withdrawal_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/withdrawals/{withdrawal_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["cancel_withdrawal_api_withdrawals__withdrawal_id__cancel_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/closing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_closing_api_closing_get"];
        put?: never;
        post: operations["close_account_api_closing_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_overview_admin_overview_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["find_accounts_admin_accounts_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_account_admin_accounts__account_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts/{account_id}/freeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["freeze_admin_accounts__account_id__freeze_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts/{account_id}/unfreeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["unfreeze_admin_accounts__account_id__unfreeze_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts/{account_id}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["change_limits_admin_accounts__account_id__limits_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts/{account_id}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["grant_admin_accounts__account_id__grants_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/accounts/{account_id}/forgive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["forgive_admin_accounts__account_id__forgive_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_jobs_admin_jobs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/jobs.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["export_jobs_admin_jobs_csv_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_job_admin_jobs__job_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/jobs/{job_id}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_receipt_admin_jobs__job_id__receipt_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/jobs/{job_id}/adjust": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["adjust_job_admin_jobs__job_id__adjust_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/reports/margin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_margins_admin_reports_margin_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/reports/margin.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["export_margins_admin_reports_margin_csv_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_comparisons_admin_reconciliation_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_policy_admin_policy_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_invitations_admin_invitations_get"];
        put?: never;
        post: operations["invite_admin_invitations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/invitations/{invitation_id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["revoke_admin_invitations__invitation_id__revoke_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_waiting_admin_approvals_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/approvals/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_waiting_admin_approvals__account_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/approvals/{account_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["approve_admin_approvals__account_id__approve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/approvals/{account_id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["decline_admin_approvals__account_id__decline_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/approvals/{account_id}/allow-region": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["allow_region_admin_approvals__account_id__allow_region_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_all_admin_people_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/people/{person_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_admin_people__person_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/people/{person_id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["suspend_person_admin_people__person_id__suspend_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/people/{person_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["restore_person_admin_people__person_id__restore_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/people/{person_id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["export_admin_people__person_id__export_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/people/{person_id}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["erase_admin_people__person_id__erase_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_audit_admin_audit_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/audit/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["verify_chain_admin_audit_chain_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_cases_admin_cases_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/cases/{case_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_case_admin_cases__case_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/cases/{case_id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["close_case_admin_cases__case_id__close_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/risk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_queue_admin_risk_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/risk/end-users/{end_user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["find_end_user_admin_risk_end_users__end_user_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/risk/{case_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_admin_risk__case_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/risk/{case_id}/decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["decide_case_admin_risk__case_id__decide_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/signals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_signals_admin_signals_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/signals/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_rules_admin_signals_rules_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["export_evidence_admin_evidence_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/support": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_queue_admin_support_get"];
        put?: never;
        post: operations["file_request_admin_support_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/support/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_templates_admin_support_templates_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/support/templates/{name}/{language}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["put_template_admin_support_templates__name___language__put"];
        post?: never;
        delete: operations["drop_template_admin_support_templates__name___language__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/support/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_queued_request_admin_support__request_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/support/{request_id}/reply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["reply_to_request_admin_support__request_id__reply_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/support/{request_id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["close_queued_request_admin_support__request_id__close_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_adjustment_queue_admin_adjustments_get"];
        put?: never;
        post: operations["file_adjustment_admin_adjustments_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/adjustments/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["review_adjustment_admin_adjustments__request_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/adjustments/{request_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["approve_adjustment_admin_adjustments__request_id__approve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/adjustments/{request_id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["decline_adjustment_admin_adjustments__request_id__decline_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/refund-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_refund_queue_admin_refund_requests_get"];
        put?: never;
        post: operations["file_refund_admin_refund_requests_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/refund-requests/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["review_refund_admin_refund_requests__request_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/refund-requests/{request_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["approve_refund_admin_refund_requests__request_id__approve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/refund-requests/{request_id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["decline_refund_admin_refund_requests__request_id__decline_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_withdrawal_queue_admin_withdrawals_get"];
        put?: never;
        post: operations["file_withdrawal_admin_withdrawals_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{withdrawal_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_queued_withdrawal_admin_withdrawals__withdrawal_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{withdrawal_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["approve_withdrawal_admin_withdrawals__withdrawal_id__approve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{withdrawal_id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["decline_withdrawal_admin_withdrawals__withdrawal_id__decline_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{withdrawal_id}/paid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["record_payout_admin_withdrawals__withdrawal_id__paid_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{withdrawal_id}/give-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["give_back_withdrawal_admin_withdrawals__withdrawal_id__give_back_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/closings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_closings_admin_closings_get"];
        put?: never;
        post: operations["close_an_account_admin_closings_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/closings/{closing_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_queued_closing_admin_closings__closing_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/closings/{closing_id}/decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["decide_closing_admin_closings__closing_id__decide_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/wind-down": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_wind_down_admin_wind_down_get"];
        put?: never;
        post: operations["list_balances_to_repay_admin_wind_down_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/wind-down/lots.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["export_lots_admin_wind_down_lots_csv_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/wind-down/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_listed_admin_wind_down__account_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/wind-down/{account_id}/mark": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["mark_listed_admin_wind_down__account_id__mark_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/recharges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_recharges_admin_recharges_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/recharges/{recharge_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_recharge_admin_recharges__recharge_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/recharges/{recharge_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["approve_recharge_admin_recharges__recharge_id__approve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/recharges/{recharge_id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["decline_recharge_admin_recharges__recharge_id__decline_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_batches_admin_codes_get"];
        put?: never;
        post: operations["make_batch_admin_codes_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/codes.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["make_batch_as_table_admin_codes_csv_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/codes/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["find_code_admin_codes_find_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/codes/{batch_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_batch_admin_codes__batch_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/codes/{batch_id}/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_codes_admin_codes__batch_id__codes_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/codes/{batch_id}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["void_batch_admin_codes__batch_id__void_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/codes/{batch_id}/codes/{code_id}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["void_code_admin_codes__batch_id__codes__code_id__void_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/statements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_statements_admin_statements_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/statements/{statement_id}.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["export_statement_admin_statements__statement_id__csv_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/statements/{statement_id}.html": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["print_statement_admin_statements__statement_id__html_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/statements/{statement_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_statement_admin_statements__statement_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_payments_admin_payments_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/payments/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_events_admin_payments_events_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/payments/events/{event_row_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["replay_event_admin_payments_events__event_row_id__replay_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/payments/{payment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_payment_admin_payments__payment_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/payments/{payment_id}/refund": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["refund_payment_admin_payments__payment_id__refund_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/payments/refunds/{refund_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["end_refund_admin_payments_refunds__refund_id__end_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/payments/{payment_id}/credit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["credit_payment_admin_payments__payment_id__credit_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/disputes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_disputes_admin_disputes_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/disputes/{dispute_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_dispute_admin_disputes__dispute_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/disputes/{dispute_id}/decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["decide_admin_disputes__dispute_id__decide_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/operators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_operators_admin_operators_get"];
        put?: never;
        post: operations["add_operator_admin_operators_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/operators/{person_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["change_scopes_admin_operators__person_id__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/operators/{person_id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["revoke_operator_admin_operators__person_id__revoke_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_tokens_admin_tokens_get"];
        put?: never;
        post: operations["create_token_admin_tokens_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tokens/{token_id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["revoke_token_admin_tokens__token_id__revoke_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_channels_admin_channels_get"];
        put?: never;
        post: operations["add_channel_admin_channels_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/channels/presets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_presets_admin_channels_presets_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/channels/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_channel_admin_channels__name__get"];
        put: operations["change_where_admin_channels__name__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/channels/{name}/caps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["cap_channel_admin_channels__name__caps_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/channels/{name}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["enable_channel_admin_channels__name__enable_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/channels/{name}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["disable_channel_admin_channels__name__disable_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/channels/{name}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["add_key_admin_channels__name__keys_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/channels/{name}/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["remove_key_admin_channels__name__keys__key_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/channels/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["try_out_admin_channels__name__test_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_providers_admin_providers_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/providers/{name}/caps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["cap_provider_admin_providers__name__caps_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_models_admin_models_get"];
        put?: never;
        post: operations["add_model_admin_models_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_model_admin_models__name__get"];
        put: operations["replace_model_admin_models__name__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_history_admin_prices_get"];
        put?: never;
        post: operations["set_prices_admin_prices_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/prices/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["cancel_prices_admin_prices_cancel_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/prices/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["preview_prices_admin_prices_preview_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_stops_admin_stop_get"];
        put?: never;
        post: operations["confirm_stop_admin_stop_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/stop/prepare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["prepare_stop_admin_stop_prepare_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/stop/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["resume_admin_stop_resume_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["current_terms_api_public_terms_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/terms/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["one_version_api_public_terms__version__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/texts/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["current_text_api_public_texts__kind__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/refund-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_refund_rules_api_public_refund_rules_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/announcements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_announcements_api_public_announcements_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notices/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_preferences_api_notices_preferences_get"];
        put: operations["change_preferences_api_notices_preferences_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notices/watch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_watch_api_notices_watch_get"];
        put: operations["change_watch_api_notices_watch_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_webhooks_api_webhooks_get"];
        put?: never;
        post: operations["create_webhook_api_webhooks_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["change_webhook_api_webhooks__webhook_id__put"];
        post?: never;
        delete: operations["remove_webhook_api_webhooks__webhook_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{webhook_id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["rotate_secret_api_webhooks__webhook_id__rotate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{webhook_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["enable_webhook_api_webhooks__webhook_id__enable_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{webhook_id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["disable_webhook_api_webhooks__webhook_id__disable_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{webhook_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["test_webhook_api_webhooks__webhook_id__test_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_deliveries_api_webhooks__webhook_id__deliveries_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/unsubscribe/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ask_unsubscribe__token__get"];
        put?: never;
        post: operations["switch_off_unsubscribe__token__post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_versions_admin_terms_get"];
        put?: never;
        post: operations["publish_admin_terms_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_texts_admin_texts_get"];
        put?: never;
        post: operations["publish_text_admin_texts_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/texts/{kind}/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_text_admin_texts__kind___version__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/announcements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_announcements_admin_announcements_get"];
        put?: never;
        post: operations["announce_admin_announcements_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/announcements/{announcement_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["withdraw_admin_announcements__announcement_id__withdraw_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_mail_admin_mail_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/mail/{mail_id}/text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_text_admin_mail__mail_id__text_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/mail/{mail_id}/send-again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["send_again_admin_mail__mail_id__send_again_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/discounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_discounts_admin_discounts_get"];
        put?: never;
        post: operations["plan_discount_admin_discounts_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/discounts/{discount_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["end_discount_admin_discounts__discount_id__end_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_groups_admin_groups_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/groups/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["set_group_admin_groups__name__put"];
        post?: never;
        delete: operations["remove_group_admin_groups__name__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/groups/members/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["assign_admin_groups_members__account_id__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_models_api_public_models_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_offers_api_public_offers_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_status_api_public_status_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/site": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_site_api_public_site_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Accepted: {
            account_id: string | null;
            role: ("owner" | "developer" | "billing") | null;
        };
        AcceptedTerms: {
            terms_version: number;
        };
        AccountLine: {
            id: string;
            email: string;
            name: string;
            /** @enum {string} */
            status: "active" | "frozen" | "closed";
            status_reason: string;
            balance: string;
            held: string;
            debt: string;
            open_jobs: number;
            created_at: string | null;
        };
        AccountSettings: {
            /** @default  */
            name: string;
            /**
             * @default {
             *       "name": "",
             *       "tax_id": "",
             *       "address": "",
             *       "country": ""
             *     }
             */
            billing: components["schemas"]["BillingView"];
        };
        AccountStanding: {
            email: string;
            created_at: string | null;
            status: string;
            status_reason: string;
            balance: string;
            held: string;
            owed: string;
            recharges: number;
            recharged: string;
            refunds_before: number;
            disputes: number;
            open_cases: string[];
            closed_cases: number;
            signals: components["schemas"]["SignalView"][];
        };
        Adjusted: {
            txn_id: string;
            amount: string;
            balance: string;
        };
        Adjustment: {
            amount?: string | null;
            reason: string;
        };
        AdjustmentApproval: {
            amount?: string | null;
            /** @default  */
            note: string;
        };
        AdjustmentDecline: {
            note: string;
        };
        AdjustmentReview: {
            id: string;
            job_id: string;
            amount: string | null;
            description: string;
            /** @enum {string} */
            state: "open" | "approved" | "declined" | "withdrawn";
            approved: string | null;
            note: string;
            created_at: string;
            due_at: string;
            decided_at: string | null;
            account_id: string;
            requested_by: string | null;
            filed_by: string | null;
            decided_by: string | null;
            is_overdue: boolean;
            charge: components["schemas"]["ChargeView"];
            account: components["schemas"]["AccountStanding"];
        };
        AdjustmentView: {
            id: string;
            job_id: string;
            amount: string | null;
            description: string;
            /** @enum {string} */
            state: "open" | "approved" | "declined" | "withdrawn";
            approved: string | null;
            note: string;
            created_at: string;
            due_at: string;
            decided_at: string | null;
        };
        Agreement: {
            threshold: string;
            amount: string;
            monthly_ceiling: string;
            payment_id: string;
            /** @constant */
            agreed: true;
        };
        AnnouncementView: {
            id: string;
            /** @enum {string} */
            kind: "maintenance" | "price_change" | "terms" | "general";
            texts: {
                [key: string]: components["schemas"]["TextView"];
            };
            shown_from: string;
            shown_until: string | null;
            starts_at: string | null;
            ends_at: string | null;
            is_banner: boolean;
            mail: ("all" | "with_balance") | "none";
            created_at: string;
            withdrawn_at: string | null;
        };
        Announcing: {
            /** @enum {string} */
            kind: "maintenance" | "price_change" | "terms" | "general";
            texts: {
                [key: string]: components["schemas"]["TextView"];
            };
            shown_from?: string | null;
            shown_until?: string | null;
            starts_at?: string | null;
            ends_at?: string | null;
            /** @default false */
            is_banner: boolean;
            /** @default none */
            mail: ("all" | "with_balance") | "none";
        };
        Approval: {
            credit?: string | null;
            price_minor?: number | null;
            /** @default  */
            evidence: string;
            /** @default  */
            note: string;
        };
        Assigned: {
            account_id: string;
            group: string | null;
        };
        Assigning: {
            group: string | null;
        };
        AuditLine: {
            id: string;
            at: string;
            actor_kind: string;
            actor_id: string | null;
            actor_name: string;
            account_id: string | null;
            action: string;
            target: string;
            before: {
                [key: string]: unknown;
            } | null;
            after: {
                [key: string]: unknown;
            } | null;
            reason: string;
        };
        AutoRechargeView: {
            is_offered: boolean;
            is_on: boolean;
            threshold: string | null;
            amount: string | null;
            monthly_ceiling: string | null;
            bought_this_month: string;
            payment_id: string | null;
            agreed_at: string | null;
            failures: number;
            off_reason: string;
            kept_methods: components["schemas"]["KeptMethodView"][];
        };
        BackupCodes: {
            backup_codes: string[];
        };
        BatchBody: {
            /** @enum {string} */
            kind: "promo" | "sold";
            count: number;
            amount: string;
            price_minor?: number | null;
            currency?: string | null;
            /** @default 1 */
            most_per_account: number | null;
            redeem_until?: string | null;
            /** @default 0 */
            credit_days: number;
            /** @default  */
            note: string;
        };
        BatchView: {
            id: string;
            /** @enum {string} */
            kind: "promo" | "sold";
            amount: string;
            price_minor: number | null;
            currency: string | null;
            count: number;
            redeemed: number;
            most_per_account: number | null;
            redeem_until: string | null;
            credit_days: number;
            note: string;
            made_by: string;
            created_at: string;
            voided_at: string | null;
        };
        BilledView: {
            account_name: string;
            name: string;
            tax_id: string;
            address: string;
            country: string;
        };
        BillingView: {
            /** @default  */
            name: string;
            /** @default  */
            tax_id: string;
            /** @default  */
            address: string;
            /** @default  */
            country: string;
        };
        CallView: {
            id: string;
            /** @enum {string} */
            status: "open" | "settled" | "voided" | "refused";
            outcome: ("completed" | "client_disconnected" | "provider_error" | "provider_cut" | "timeout" | "platform_error" | "refused") | null;
            code: string | null;
            http_status: number | null;
            endpoint: string;
            model: string;
            stream: boolean | null;
            key_id: string;
            key_prefix: string;
            key_name: string;
            created_at: string;
            finished_at: string | null;
            first_byte_ms: number | null;
            latency_ms: number | null;
            input_tokens: number;
            cached_input_tokens: number;
            output_tokens: number;
            reasoning_tokens: number;
            usage_source: string;
            charge: string | null;
        };
        CallsView: {
            window_s: number;
            ended: number;
            failed: number;
            refused: number;
            open_jobs: number;
            per_minute: number;
            error_share: number;
        };
        Cancelling: {
            model: string;
            version: number;
            /** @default  */
            reason: string;
        };
        CapsView: {
            daily_cap?: string | null;
            concurrency?: number | null;
        };
        CardView: {
            version: number;
            rates: components["schemas"]["PerTokenView"] | components["schemas"]["PerCallView"];
            starts_at: string;
            set_at: string;
            coming: boolean;
        };
        CaseFacts: {
            id: string;
            kind: string;
            subject: string;
            account_id: string | null;
            facts: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            status: "open" | "closed";
            opened_at: string;
            due_at: string | null;
            closed_at: string | null;
            closed_by: string | null;
            decision: string;
            note: string;
            account: components["schemas"]["AccountStanding"] | null;
        };
        CaseView: {
            id: string;
            kind: string;
            subject: string;
            account_id: string | null;
            facts: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            status: "open" | "closed";
            opened_at: string;
            due_at: string | null;
            closed_at: string | null;
            closed_by: string | null;
            decision: string;
            note: string;
        };
        ChainReport: {
            ok: boolean;
            problems: string[];
        };
        Changed: {
            /** @enum {string} */
            kind: "openai" | "openai-compatible" | "anthropic" | "gemini";
            provider: string;
            base_url: string;
            /** @default false */
            allow_private: boolean;
        };
        ChannelDetail: {
            id: string;
            name: string;
            kind: string;
            preset: string;
            provider: string;
            base_url: string;
            allow_private: boolean;
            proxied: boolean;
            enabled: boolean;
            stopped: boolean;
            caps: components["schemas"]["CapsView"];
            keys: number;
            models: string[];
            /** @enum {string} */
            health: "closed" | "half_open" | "open";
            healthy_again_s: number | null;
            traffic: components["schemas"]["TrafficView"];
            pool: components["schemas"]["farebox__control__admin__channels__schemas__KeyView"][];
            remark?: string | null;
        };
        ChannelList: {
            data: components["schemas"]["ChannelView"][];
        };
        ChannelView: {
            id: string;
            name: string;
            kind: string;
            preset: string;
            provider: string;
            base_url: string;
            allow_private: boolean;
            proxied: boolean;
            enabled: boolean;
            stopped: boolean;
            caps: components["schemas"]["CapsView"];
            keys: number;
            models: string[];
            /** @enum {string} */
            health: "closed" | "half_open" | "open";
            healthy_again_s: number | null;
            traffic: components["schemas"]["TrafficView"];
        };
        ChargeView: {
            model: string;
            outcome: string;
            finished_at: string;
            charge: string;
            given_back: string;
            provider_cost: string;
        };
        ChosenAccount: {
            account_id: string;
        };
        Closing: {
            decision: string;
            /** @default  */
            note: string;
        };
        ClosingFacts: {
            id: string;
            /** @enum {string} */
            state: "settling" | "deciding" | "returning" | "done";
            reason: string;
            /** @enum {string} */
            treatment: "" | "nothing" | "return" | "forfeit";
            returned: string;
            forfeited: string;
            note: string;
            created_at: string;
            decided_at: string | null;
            done_at: string | null;
            account_id: string;
            requested_by: string | null;
            by_operator: boolean;
            has_breach: boolean;
            choices: ("return" | "forfeit")[];
            decided_by: string | null;
            erased_at: string | null;
            is_overdue: boolean;
            account: components["schemas"]["AccountStanding"];
            lots: components["schemas"]["farebox__control__admin__standing__LotView"][];
        };
        ClosingView: {
            id: string;
            /** @enum {string} */
            state: "settling" | "deciding" | "returning" | "done";
            reason: string;
            /** @enum {string} */
            treatment: "" | "nothing" | "return" | "forfeit";
            returned: string;
            forfeited: string;
            note: string;
            created_at: string;
            decided_at: string | null;
            done_at: string | null;
        };
        ClosingWish: {
            /** @constant */
            confirm: "close this account";
            /** @default  */
            reason: string;
        };
        CodeView: {
            id: string;
            batch_id: string;
            hint: string;
            /** @enum {string} */
            state: "open" | "redeemed" | "void" | "expired";
            redeemed_by: string | null;
            redeemed_at: string | null;
            voided_at: string | null;
        };
        ComingPrice: {
            starts_at: string;
            rates: components["schemas"]["PerTokenView"] | components["schemas"]["PerCallView"];
        };
        ComparisonView: {
            id: string;
            at: string;
            subject: string;
            compared: number;
            differences: number;
            found: string[];
            failure: string;
        };
        Confirmation: {
            secret: string;
        };
        Confirming: {
            token: string;
        };
        CreditAnyway: {
            account_id?: string | null;
            amount?: string | null;
            reason: string;
        };
        CreditsView: {
            unit: string;
            balance: string;
            held: string;
            spendable: string;
            debt: string;
            open_jobs: number;
            lots: components["schemas"]["LotItem"][];
        };
        CurrentTerms: {
            in_force: components["schemas"]["TermsView"] | null;
            coming: components["schemas"]["TermsView"][];
        };
        DayView: {
            day: string;
            /** @enum {string} */
            state: "good" | "degraded" | "down" | "unknown";
            answered_percent: string | null;
            average_first_byte_ms: number | null;
        };
        Decided: {
            account_id: string;
            /** @enum {string} */
            status: "active" | "frozen" | "closed";
            bars: string[];
        };
        DecidedView: {
            id: string;
            case_id: string | null;
            /** @enum {string} */
            decision: "nothing" | "note" | "freeze" | "unfreeze" | "limits";
            note: string;
            decided_by: string | null;
            decided_at: string;
        };
        Deed: {
            reason: string;
        };
        DeliveryView: {
            id: string;
            event_id: string;
            kind: string;
            data: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            state: "waiting" | "delivered" | "failed" | "cancelled";
            attempts: number;
            next_at: string;
            status_code: number | null;
            error: string;
            created_at: string;
            ended_at: string | null;
        };
        Departure: {
            url: string;
        };
        DiscountShown: {
            name: string;
            off_percent: string;
            ends_at: string | null;
        };
        DiscountView: {
            id: string;
            name: string;
            models: string[];
            off_percent: string;
            starts_at: string;
            ends_at: string | null;
            /** @enum {string} */
            state: "coming" | "running" | "ended";
        };
        DisputeFacts: {
            id: string;
            payment_id: string;
            /** @enum {string} */
            provider: "stripe" | "creem" | "manual";
            reference: string;
            /** @enum {string} */
            state: "inquiry" | "inquiry_closed" | "open" | "won" | "lost";
            /** @enum {string} */
            outcome: "inquiry" | "inquiry_closed" | "open" | "won" | "lost";
            gross_minor: number;
            reason: string;
            due_at: string | null;
            /** @enum {string} */
            decision: "" | "won" | "lost";
            decided_by: string | null;
            decided_at: string | null;
            note: string;
            created_at: string;
            payment: components["schemas"]["PaymentFile"];
            account: components["schemas"]["AccountStanding"] | null;
        };
        DisputeView: {
            id: string;
            payment_id: string;
            /** @enum {string} */
            provider: "stripe" | "creem" | "manual";
            reference: string;
            /** @enum {string} */
            state: "inquiry" | "inquiry_closed" | "open" | "won" | "lost";
            /** @enum {string} */
            outcome: "inquiry" | "inquiry_closed" | "open" | "won" | "lost";
            gross_minor: number;
            reason: string;
            due_at: string | null;
            /** @enum {string} */
            decision: "" | "won" | "lost";
            decided_by: string | null;
            decided_at: string | null;
            note: string;
            created_at: string;
        };
        EffectView: {
            days: number;
            jobs: number;
            charged: string;
            repriced: string;
            difference: string;
            cost: string;
            margin: string;
            margin_repriced: string;
            estimated: boolean;
        };
        EmailConfirmed: {
            /**
             * @default confirmed
             * @constant
             */
            status: "confirmed";
        };
        EndUser: {
            account_id: string;
        };
        Ending: {
            ends_at?: string | null;
        };
        Enrolling: {
            password?: string | null;
        };
        Erased: {
            /**
             * @default erased
             * @constant
             */
            status: "erased";
        };
        Erasure: {
            password?: string | null;
        };
        EventView: {
            id: string;
            provider: string;
            event_id: string;
            kind: string;
            received_at: string;
            attempts: number;
            applied_at: string | null;
            outcome: string;
            error: string;
            is_kept: boolean;
        };
        EvidenceWanted: {
            account_id: string;
            since: string;
            until: string;
            reason: string;
        };
        FactorShown: {
            totp?: string | null;
            backup_code?: string | null;
            passkey?: components["schemas"]["UsedPasskey"] | null;
        };
        FamilyView: {
            family: string;
            models: string[];
            /** @enum {string} */
            state: "good" | "degraded" | "down" | "unknown";
            stopped: boolean;
            days: components["schemas"]["DayView"][];
        };
        FiledAdjustment: {
            job_id: string;
            amount?: string | null;
            description: string;
            account_id: string;
            asked_at?: string | null;
        };
        FiledRefund: {
            payment_id: string;
            amount?: string | null;
            /**
             * @default source
             * @enum {string}
             */
            prefers: "source" | "credit";
            /** @default  */
            reason: string;
            account_id: string;
        };
        FiledSupportRequest: {
            subject: string;
            message: string;
            /** @default  */
            payment_method: string;
            /** @default  */
            payment_reference: string;
            job_id?: string | null;
            /** @default  */
            amount: string;
            email: string;
            /**
             * @default en
             * @enum {string}
             */
            language: "en" | "zh-CN" | "zh-TW" | "ja";
            account_id?: string | null;
        };
        FiledWithdrawal: {
            /** @enum {string} */
            kind: "payout" | "migration";
            amount: string;
            currency?: string | null;
            /** @default  */
            destination: string;
            to_account_id?: string | null;
            /** @default  */
            reason: string;
            account_id: string;
        };
        Forgiven: {
            txn_id: string;
            amount: string;
            debt: string;
        };
        Forgiveness: {
            amount: string;
            reason: string;
        };
        Forgotten: {
            email: string;
        };
        FreeAmountView: {
            least: string;
            most: string;
            currency: string;
            credit_per_unit: string;
            methods: ("stripe" | "creem" | "manual")[];
        };
        Grant: {
            amount: string;
            reason: string;
            /**
             * @default grant
             * @enum {string}
             */
            kind: "grant" | "promo";
            expires_at?: string | null;
        };
        Granted: {
            txn_id: string;
            amount: string;
            balance: string;
            repaid: string;
        };
        GroupBody: {
            price_percent: string;
            /** @default  */
            description: string;
        };
        GroupList: {
            data: components["schemas"]["GroupView"][];
        };
        GroupView: {
            name: string;
            price_percent: string;
            description: string;
            accounts: number;
        };
        HTTPValidationError: {
            detail?: components["schemas"]["ValidationError"][];
        };
        History: {
            model: string;
            data: components["schemas"]["CardView"][];
        };
        ImagePriceView: {
            /** @default  */
            size: string;
            /** @default  */
            quality: string;
            price: string;
        };
        InvitationSecret: {
            secret: string;
        };
        InvitationShown: {
            email: string;
            account_name: string;
            role: ("owner" | "developer" | "billing") | null;
            is_registered: boolean;
            expires_at: string;
        };
        InvitationView: {
            id: string;
            email: string;
            role: ("owner" | "developer" | "billing") | null;
            created_at: string;
            expires_at: string;
        };
        Invitations: {
            data: components["schemas"]["InvitationView"][];
        };
        IssuerView: {
            name: string;
            operator: string;
            contact_mail: string;
        };
        JobView: {
            id: string;
            account_id: string;
            key_id: string;
            /** @enum {string} */
            status: "settled" | "voided";
            /** @enum {string} */
            outcome: "completed" | "client_disconnected" | "provider_error" | "provider_cut" | "timeout" | "platform_error" | "refused";
            endpoint: string;
            model: string;
            stream: boolean;
            created_at: string;
            finished_at: string;
            first_byte_ms: number | null;
            latency_ms: number | null;
            input_tokens: number;
            output_tokens: number;
            usage_source: string;
            channel_id: string | null;
            channel: string | null;
            provider_request_id: string | null;
            charge: string;
            cost: string;
            margin: string;
            write_off: string;
            adjusted: string;
            delivery_unknown: boolean;
        };
        JoinByInvitation: {
            password: string;
            /** @default  */
            display_name: string;
            /**
             * @default en
             * @enum {string}
             */
            language: "en" | "zh-CN" | "zh-TW" | "ja";
            /**
             * @default {
             *       "of_age": false,
             *       "accurate_details": false
             *     }
             */
            statements: components["schemas"]["StatementsMade"];
            terms_version?: number | null;
            secret: string;
        };
        KeptMethodView: {
            payment_id: string;
            provider: string;
            kept_at: string;
        };
        KeyLine: {
            id: string;
            name: string;
            /** @enum {string} */
            kind: "live" | "test";
            prefix: string;
            /** @enum {string} */
            status: "active" | "revoked";
            created_at: string;
        };
        KeyMade: {
            key: components["schemas"]["farebox__control__keys__schemas__KeyView"];
            secret: string;
        };
        KeySettings: {
            /** @default  */
            name: string;
            expires_at?: string | null;
            /** @default [] */
            models: string[];
            /** @default [] */
            networks: string[];
            /** @default [] */
            cors_origins: string[];
            /** @default true */
            sees_balance: boolean;
            /** @default {} */
            limits: components["schemas"]["LimitsView"];
        };
        LeakReport: {
            /** @default  */
            description: string;
        };
        LimitsView: {
            requests_per_minute?: number | null;
            tokens_per_minute?: number | null;
            concurrency?: number | null;
            daily_spend?: string | null;
            monthly_spend?: string | null;
            total_spend?: string | null;
        };
        LineView: {
            id: string;
            at: string;
            kind: string;
            amount: string;
            balance_after: string;
            job_id: string | null;
            reference: string;
        };
        LinkView: {
            title: string;
            url: string;
            qr: boolean;
        };
        ListedDetail: {
            account_id: string;
            email: string;
            status: string;
            /** @enum {string} */
            state: "open" | "paid" | "unreachable";
            note: string;
            listed_at: string;
            changed_at: string | null;
            changed_by: string | null;
            listed_balance: string;
            listed_refundable: string;
            balance: string;
            held: string;
            refundable: string;
            lots: components["schemas"]["farebox__control__admin__winddown__schemas__LotView"][];
        };
        ListedView: {
            account_id: string;
            email: string;
            status: string;
            /** @enum {string} */
            state: "open" | "paid" | "unreachable";
            note: string;
            listed_at: string;
            changed_at: string | null;
            changed_by: string | null;
            listed_balance: string;
            listed_refundable: string;
            balance: string;
            held: string;
            refundable: string;
        };
        LotItem: {
            id: string;
            /** @enum {string} */
            kind: "promo" | "paid" | "grant" | "adjustment";
            original: string;
            remaining: string;
            refundable: string;
            expires_at: string | null;
            created_at: string;
            payment: string | null;
            job_id: string | null;
            paid_minor: number | null;
            paid_currency: string | null;
        };
        LowBalance: {
            is_low: boolean;
            lasts_days: number | null;
        };
        MadeBatch: {
            batch: components["schemas"]["BatchView"];
            codes: components["schemas"]["MadeCodeView"][];
        };
        MadeByAuthenticator: {
            clientDataJSON: string;
            attestationObject: string;
            /** @default [] */
            transports: string[];
        };
        MadeCodeView: {
            id: string;
            code: string;
        };
        MadePasskey: {
            id: string;
            rawId: string;
            /** @constant */
            type: "public-key";
            response: components["schemas"]["MadeByAuthenticator"];
        };
        MailSent: {
            /**
             * @default see_your_mail
             * @constant
             */
            status: "see_your_mail";
        };
        MailText: {
            subject: string;
            text: string;
        };
        MailView: {
            id: string;
            kind: string;
            person_id: string | null;
            address: string;
            language: string;
            /** @enum {string} */
            state: "waiting" | "sending" | "sent" | "failed" | "dropped";
            attempts: number;
            next_at: string;
            created_at: string;
            sent_at: string | null;
            error: string;
        };
        MailedLink: {
            secret: string;
            new: string;
        };
        MarginCounts: {
            jobs: number;
            voided: number;
            charge: string;
            cost: string;
            margin: string;
            write_off: string;
        };
        MarginReport: {
            since: string;
            until: string;
            /** @enum {string} */
            split: "nothing" | "model" | "channel" | "account";
            /** @enum {string} */
            step: "day" | "whole";
            complete_until: string;
            data: components["schemas"]["MarginView"][];
            total: components["schemas"]["MarginCounts"];
        };
        MarginView: {
            jobs: number;
            voided: number;
            charge: string;
            cost: string;
            margin: string;
            write_off: string;
            at: string;
            label: string;
            name: string;
        };
        Mark: {
            /** @enum {string} */
            state: "open" | "paid" | "unreachable";
            /** @default  */
            note: string;
        };
        MemberLine: {
            person_id: string;
            email: string;
            role: string;
        };
        MemberView: {
            person_id: string;
            email: string;
            display_name: string;
            /** @enum {string} */
            role: "owner" | "developer" | "billing";
            since: string;
        };
        Members: {
            data: components["schemas"]["MemberView"][];
        };
        MembershipView: {
            account_id: string;
            /** @enum {string} */
            role: "owner" | "developer" | "billing";
            name: string;
        };
        MessageView: {
            id: string;
            /** @enum {string} */
            author: "customer" | "operator";
            message: string;
            created_at: string;
        };
        MethodView: {
            /** @enum {string} */
            method: "stripe" | "creem" | "manual";
            needs_review: boolean;
        };
        ModelChange: {
            /** @default true */
            enabled: boolean;
            /** @default farebox */
            owned_by: string;
            /** @default  */
            family: string;
            context_tokens?: number | null;
            most_output_tokens?: number | null;
            /**
             * @default [
             *       "text"
             *     ]
             */
            input_modalities: string[];
            /**
             * @default [
             *       "chat",
             *       "embeddings"
             *     ]
             */
            tasks: ("chat" | "embeddings" | "images" | "speech" | "transcriptions" | "moderations" | "rerank")[];
            most_audio_seconds?: number | null;
            daily_cap?: string | null;
            account_daily_cap?: string | null;
            account_requests_per_minute?: number | null;
            routes: components["schemas"]["RouteBody"][];
        };
        ModelList: {
            data: components["schemas"]["ModelView"][];
        };
        ModelMade: {
            /** @default true */
            enabled: boolean;
            /** @default farebox */
            owned_by: string;
            /** @default  */
            family: string;
            context_tokens?: number | null;
            most_output_tokens?: number | null;
            /**
             * @default [
             *       "text"
             *     ]
             */
            input_modalities: string[];
            /**
             * @default [
             *       "chat",
             *       "embeddings"
             *     ]
             */
            tasks: ("chat" | "embeddings" | "images" | "speech" | "transcriptions" | "moderations" | "rerank")[];
            most_audio_seconds?: number | null;
            daily_cap?: string | null;
            account_daily_cap?: string | null;
            account_requests_per_minute?: number | null;
            name: string;
            stopped: boolean;
            created_at: string;
            rate_card: number | null;
            rates: components["schemas"]["PerTokenView"] | components["schemas"]["PerCallView"] | null;
            coming: number;
            routes: components["schemas"]["RouteView"][];
            /** @default [] */
            without_cost: string[];
        };
        ModelOnSale: {
            name: string;
            family: string;
            owned_by: string;
            context_tokens: number | null;
            most_output_tokens: number | null;
            input_modalities: string[];
            tasks: string[];
            free: boolean;
            account_requests_per_minute: number | null;
            rates: components["schemas"]["PerTokenView"] | components["schemas"]["PerCallView"];
            price_percent: string;
            discount: components["schemas"]["DiscountShown"] | null;
            coming: components["schemas"]["ComingPrice"][];
            stopped: boolean;
        };
        ModelView: {
            /** @default true */
            enabled: boolean;
            /** @default farebox */
            owned_by: string;
            /** @default  */
            family: string;
            context_tokens?: number | null;
            most_output_tokens?: number | null;
            /**
             * @default [
             *       "text"
             *     ]
             */
            input_modalities: string[];
            /**
             * @default [
             *       "chat",
             *       "embeddings"
             *     ]
             */
            tasks: ("chat" | "embeddings" | "images" | "speech" | "transcriptions" | "moderations" | "rerank")[];
            most_audio_seconds?: number | null;
            daily_cap?: string | null;
            account_daily_cap?: string | null;
            account_requests_per_minute?: number | null;
            name: string;
            stopped: boolean;
            created_at: string;
            rate_card: number | null;
            rates: components["schemas"]["PerTokenView"] | components["schemas"]["PerCallView"] | null;
            coming: number;
            routes: components["schemas"]["RouteView"][];
        };
        ModelsOnSale: {
            unit: string;
            data: components["schemas"]["ModelOnSale"][];
        };
        MovementView: {
            at: string;
            kind: string;
            amount: string;
            balance_after: string;
            reference: string;
            price_minor: number | null;
            tax_minor: number | null;
            currency: string;
            invoice_url: string;
        };
        MutedKinds: {
            muted: ("announcement" | "code_redeemed" | "low_balance" | "maintenance" | "recharge_credited" | "spend_alert" | "statement_ready")[];
        };
        NewAdjustment: {
            job_id: string;
            amount?: string | null;
            description: string;
        };
        NewChannelBody: {
            name?: string | null;
            preset?: string | null;
            kind?: ("openai" | "openai-compatible" | "anthropic" | "gemini") | null;
            provider?: string | null;
            base_url?: string | null;
            /** @default false */
            allow_private: boolean;
            api_key?: string | null;
            /** @default {} */
            caps: components["schemas"]["CapsView"];
        };
        NewDiscount: {
            name: string;
            models: string[];
            off_percent: string;
            starts_at?: string | null;
            ends_at?: string | null;
        };
        NewInvitationToOpen: {
            email: string;
        };
        NewMember: {
            email: string;
            /**
             * @default developer
             * @enum {string}
             */
            role: "owner" | "developer" | "billing";
        };
        NewMessage: {
            message: string;
        };
        NewModelBody: {
            /** @default true */
            enabled: boolean;
            /** @default farebox */
            owned_by: string;
            /** @default  */
            family: string;
            context_tokens?: number | null;
            most_output_tokens?: number | null;
            /**
             * @default [
             *       "text"
             *     ]
             */
            input_modalities: string[];
            /**
             * @default [
             *       "chat",
             *       "embeddings"
             *     ]
             */
            tasks: ("chat" | "embeddings" | "images" | "speech" | "transcriptions" | "moderations" | "rerank")[];
            most_audio_seconds?: number | null;
            daily_cap?: string | null;
            account_daily_cap?: string | null;
            account_requests_per_minute?: number | null;
            name: string;
            routes: components["schemas"]["RouteBody"][];
            rates: components["schemas"]["PerTokenView"] | components["schemas"]["PerCallView"];
        };
        NewOperator: {
            email: string;
            scopes: string[];
            /** @default  */
            reason: string;
        };
        NewPasskey: {
            credential: components["schemas"]["MadePasskey"];
            name: string;
        };
        NewPrices: {
            model: string;
            rates: components["schemas"]["PerTokenView"] | components["schemas"]["PerCallView"];
            starts_at?: string | null;
            /** @default  */
            reason: string;
        };
        NewRecharge: {
            /** @enum {string} */
            method: "stripe" | "creem" | "manual";
            package?: string | null;
            amount?: string | null;
            /** @default  */
            evidence: string;
            /** @default  */
            note: string;
            /** @default false */
            keep_method: boolean;
        };
        NewRefund: {
            amount?: string | null;
            reason: string;
        };
        NewRefundRequest: {
            payment_id: string;
            amount?: string | null;
            /**
             * @default source
             * @enum {string}
             */
            prefers: "source" | "credit";
            /** @default  */
            reason: string;
        };
        NewRole: {
            /** @enum {string} */
            role: "owner" | "developer" | "billing";
        };
        NewSupportRequest: {
            subject: string;
            message: string;
            /** @default  */
            payment_method: string;
            /** @default  */
            payment_reference: string;
            job_id?: string | null;
            /** @default  */
            amount: string;
        };
        NewToken: {
            name: string;
            scopes: string[];
            expires_at?: string | null;
        };
        NewWithdrawal: {
            /** @enum {string} */
            kind: "payout" | "migration";
            amount: string;
            currency?: string | null;
            /** @default  */
            destination: string;
            to_account_id?: string | null;
            /** @default  */
            reason: string;
        };
        Offer: {
            name: string;
            models: string[];
            off_percent: string;
            starts_at: string;
            ends_at: string | null;
        };
        OfferView: {
            payout: boolean;
            migration: boolean;
            payable: components["schemas"]["PayableView"][];
            movable: string;
        };
        Offers: {
            data: components["schemas"]["Offer"][];
        };
        OidcProviders: {
            data: string[];
        };
        OnItsWay: {
            /** @default If somebody has this address here, a message is on its way. */
            detail: string;
        };
        OpenCase: {
            id: string;
            kind: string;
            opened_at: string;
            due_at: string | null;
        };
        OpenSession: {
            id: string;
            is_this: boolean;
            signed_in_at: string;
            last_seen_at: string;
            expires_at: string;
            country: string;
            device: string;
        };
        OpenSessions: {
            data: components["schemas"]["OpenSession"][];
        };
        OperatorView: {
            person_id: string;
            email: string;
            display_name: string;
            scopes: string[];
            created_at: string;
            has_second_factor: boolean;
        };
        Operators: {
            data: components["schemas"]["OperatorView"][];
            scopes: string[];
        };
        OperatorsClosing: {
            account_id: string;
            has_breach: boolean;
            reason: string;
        };
        OptionsView: {
            unit: string;
            methods: components["schemas"]["MethodView"][];
            packages: components["schemas"]["PackageView"][];
            free_amount: components["schemas"]["FreeAmountView"] | null;
        };
        OverrideView: {
            above_input_tokens: number;
            prices: components["schemas"]["TokenPricesView"];
        };
        PackageView: {
            id: string;
            credit: string;
            bonus: string;
            price_minor: number;
            currency: string;
            methods: ("stripe" | "creem" | "manual")[];
        };
        Page_AccountLine_: {
            data: components["schemas"]["AccountLine"][];
            next?: string | null;
        };
        Page_AdjustmentView_: {
            data: components["schemas"]["AdjustmentView"][];
            next?: string | null;
        };
        Page_AnnouncementView_: {
            data: components["schemas"]["AnnouncementView"][];
            next?: string | null;
        };
        Page_AuditLine_: {
            data: components["schemas"]["AuditLine"][];
            next?: string | null;
        };
        Page_BatchView_: {
            data: components["schemas"]["BatchView"][];
            next?: string | null;
        };
        Page_CallView_: {
            data: components["schemas"]["CallView"][];
            next?: string | null;
        };
        Page_CaseView_: {
            data: components["schemas"]["CaseView"][];
            next?: string | null;
        };
        Page_CodeView_: {
            data: components["schemas"]["CodeView"][];
            next?: string | null;
        };
        Page_ComparisonView_: {
            data: components["schemas"]["ComparisonView"][];
            next?: string | null;
        };
        Page_DeliveryView_: {
            data: components["schemas"]["DeliveryView"][];
            next?: string | null;
        };
        Page_DiscountView_: {
            data: components["schemas"]["DiscountView"][];
            next?: string | null;
        };
        Page_DisputeView_: {
            data: components["schemas"]["DisputeView"][];
            next?: string | null;
        };
        Page_EventView_: {
            data: components["schemas"]["EventView"][];
            next?: string | null;
        };
        Page_JobView_: {
            data: components["schemas"]["JobView"][];
            next?: string | null;
        };
        Page_KeyView_: {
            data: components["schemas"]["farebox__control__keys__schemas__KeyView"][];
            next?: string | null;
        };
        Page_LineView_: {
            data: components["schemas"]["LineView"][];
            next?: string | null;
        };
        Page_ListedView_: {
            data: components["schemas"]["ListedView"][];
            next?: string | null;
        };
        Page_LotItem_: {
            data: components["schemas"]["LotItem"][];
            next?: string | null;
        };
        Page_MailView_: {
            data: components["schemas"]["MailView"][];
            next?: string | null;
        };
        Page_PaymentFile_: {
            data: components["schemas"]["PaymentFile"][];
            next?: string | null;
        };
        Page_PaymentView_: {
            data: components["schemas"]["PaymentView"][];
            next?: string | null;
        };
        Page_PersonView_: {
            data: components["schemas"]["PersonView"][];
            next?: string | null;
        };
        Page_QueuedAdjustmentView_: {
            data: components["schemas"]["QueuedAdjustmentView"][];
            next?: string | null;
        };
        Page_QueuedClosingView_: {
            data: components["schemas"]["QueuedClosingView"][];
            next?: string | null;
        };
        Page_QueuedRefundRequest_: {
            data: components["schemas"]["QueuedRefundRequest"][];
            next?: string | null;
        };
        Page_QueuedSupportView_: {
            data: components["schemas"]["QueuedSupportView"][];
            next?: string | null;
        };
        Page_QueuedWithdrawalView_: {
            data: components["schemas"]["QueuedWithdrawalView"][];
            next?: string | null;
        };
        Page_RechargeFile_: {
            data: components["schemas"]["RechargeFile"][];
            next?: string | null;
        };
        Page_RechargeView_: {
            data: components["schemas"]["RechargeView"][];
            next?: string | null;
        };
        Page_RefundRequestView_: {
            data: components["schemas"]["RefundRequestView"][];
            next?: string | null;
        };
        Page_ReviewLine_: {
            data: components["schemas"]["ReviewLine"][];
            next?: string | null;
        };
        Page_SignalView_: {
            data: components["schemas"]["SignalView"][];
            next?: string | null;
        };
        Page_StatementItem_: {
            data: components["schemas"]["StatementItem"][];
            next?: string | null;
        };
        Page_SupportView_: {
            data: components["schemas"]["SupportView"][];
            next?: string | null;
        };
        Page_TokenView_: {
            data: components["schemas"]["TokenView"][];
            next?: string | null;
        };
        Page_Waiting_: {
            data: components["schemas"]["Waiting"][];
            next?: string | null;
        };
        Page_WithdrawalView_: {
            data: components["schemas"]["WithdrawalView"][];
            next?: string | null;
        };
        PasskeyAdded: {
            passkey: components["schemas"]["PasskeyView"];
            backup_codes: string[];
        };
        PasskeyName: {
            name: string;
        };
        PasskeyOptions: {
            options: {
                [key: string]: unknown;
            };
        };
        PasskeyView: {
            id: string;
            name: string;
            created_at: string;
            last_used_at: string | null;
        };
        PasswordChange: {
            old?: string | null;
            new: string;
        };
        PayableView: {
            currency: string;
            amount: string;
            paid_minor: number;
        };
        PaymentFacts: {
            payment: components["schemas"]["PaymentFile"];
            refunds: components["schemas"]["RefundView"][];
            disputes: components["schemas"]["DisputeView"][];
            refundable: string;
            refundable_minor: number;
        };
        PaymentFile: {
            id: string;
            recharge_id: string | null;
            /** @enum {string} */
            provider: "stripe" | "creem" | "manual";
            reference: string;
            /** @enum {string} */
            state: "unknown" | "pending" | "failed" | "paid";
            paid_minor: number;
            tax_minor: number;
            currency: string;
            credited: string;
            taken_back: string;
            invoice_url: string;
            paid_at: string | null;
            created_at: string;
            account_id: string | null;
            /** @enum {string} */
            mode: "live" | "test";
            price_minor: number;
            product: string;
            country: string;
            failure: string;
            /** @enum {string} */
            problem: "" | "no_recharge" | "wrong_provider" | "wrong_mode" | "wrong_currency" | "wrong_amount" | "wrong_product" | "duplicate" | "declined";
        };
        PaymentView: {
            id: string;
            recharge_id: string | null;
            /** @enum {string} */
            provider: "stripe" | "creem" | "manual";
            reference: string;
            /** @enum {string} */
            state: "unknown" | "pending" | "failed" | "paid";
            paid_minor: number;
            tax_minor: number;
            currency: string;
            credited: string;
            taken_back: string;
            invoice_url: string;
            paid_at: string | null;
            created_at: string;
        };
        PayoutMade: {
            reference: string;
            /** @default  */
            note: string;
        };
        PerCallView: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "per_call";
            tiers?: components["schemas"]["TierView"][] | null;
            /** @default 1 */
            multiplier: number;
        };
        PerTokenView: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "per_token";
            prices: components["schemas"]["TokenPricesView"];
            /** @default 0 */
            per_request: string;
            /** @default [] */
            overrides: components["schemas"]["OverrideView"][];
            /** @default [] */
            images: components["schemas"]["ImagePriceView"][];
            /** @default 0 */
            characters: string;
            /** @default 0 */
            audio_second: string;
            /** @default 0 */
            search_unit: string;
        };
        PersonSettings: {
            /** @default  */
            display_name: string;
            /**
             * @default en
             * @enum {string}
             */
            language: "en" | "zh-CN" | "zh-TW" | "ja";
        };
        PersonView: {
            id: string;
            email: string;
            email_verified: boolean;
            display_name: string;
            language: string;
            /** @enum {string} */
            status: "active" | "suspended" | "erased";
            created_at: string;
            memberships: components["schemas"]["MembershipView"][];
        };
        PersonalData: {
            exported_at: string;
            data: {
                [key: string]: unknown;
            };
        };
        PointView: {
            jobs: number;
            voided: number;
            input_tokens: number;
            cached_input_tokens: number;
            cache_write_tokens: number;
            output_tokens: number;
            reasoning_tokens: number;
            charge: string;
            at: string;
            label: string;
        };
        PolicyRule: {
            section: string;
            name: string;
            value: unknown;
            is_default: boolean;
        };
        PolicyView: {
            data: components["schemas"]["PolicyRule"][];
        };
        PreferencesView: {
            muted: ("announcement" | "code_redeemed" | "low_balance" | "maintenance" | "recharge_credited" | "spend_alert" | "statement_ready")[];
            switchable: ("announcement" | "code_redeemed" | "low_balance" | "maintenance" | "recharge_credited" | "spend_alert" | "statement_ready")[];
        };
        Prepared: {
            token: string;
            expires_at: string;
            running_jobs: number;
        };
        Preparing: {
            /** @enum {string} */
            scope: "all" | "provider" | "channel" | "model";
            /** @default  */
            target: string;
            reason: string;
            /** @default false */
            now: boolean;
        };
        PresetList: {
            data: components["schemas"]["PresetView"][];
        };
        PresetView: {
            name: string;
            title: string;
            kind: string;
            base_url: string;
            needs_key: boolean;
            deviations: string[];
            models_with_prices: string[];
        };
        PriceLine: {
            class: string;
            quantity: number;
            unit_price: string;
            amount: string;
        };
        PriceSet: {
            model: string;
            version: number;
            starts_at: string;
            rises: boolean;
        };
        ProofChallenge: {
            parameters: {
                [key: string]: unknown;
            };
            signature: string;
        };
        ProviderList: {
            data: components["schemas"]["ProviderView"][];
        };
        ProviderView: {
            name: string;
            stopped: boolean;
            channels: string[];
            caps: components["schemas"]["CapsView"];
        };
        PublishedLine: {
            /** @enum {string} */
            kind: "privacy" | "refund_rules" | "imprint";
            version: number;
            published_at: string;
            titles: {
                [key: string]: string;
            };
        };
        PublishedList: {
            data: components["schemas"]["PublishedLine"][];
        };
        PublishedText: {
            /** @enum {string} */
            kind: "privacy" | "refund_rules" | "imprint";
            version: number;
            published_at: string;
            texts: {
                [key: string]: components["schemas"]["PublishedWords"];
            };
        };
        PublishedWords: {
            title: string;
            body: string;
        };
        Publishing: {
            texts: {
                [key: string]: components["schemas"]["TermsText"];
            };
            effective_at: string;
            /** @default true */
            is_material: boolean;
        };
        PublishingText: {
            /** @enum {string} */
            kind: "privacy" | "refund_rules" | "imprint";
            texts: {
                [key: string]: components["schemas"]["WrittenText"];
            };
        };
        QueuedAdjustmentView: {
            id: string;
            job_id: string;
            amount: string | null;
            description: string;
            /** @enum {string} */
            state: "open" | "approved" | "declined" | "withdrawn";
            approved: string | null;
            note: string;
            created_at: string;
            due_at: string;
            decided_at: string | null;
            account_id: string;
            requested_by: string | null;
            filed_by: string | null;
            decided_by: string | null;
            is_overdue: boolean;
        };
        QueuedClosingView: {
            id: string;
            /** @enum {string} */
            state: "settling" | "deciding" | "returning" | "done";
            reason: string;
            /** @enum {string} */
            treatment: "" | "nothing" | "return" | "forfeit";
            returned: string;
            forfeited: string;
            note: string;
            created_at: string;
            decided_at: string | null;
            done_at: string | null;
            account_id: string;
            requested_by: string | null;
            by_operator: boolean;
            has_breach: boolean;
            choices: ("return" | "forfeit")[];
            decided_by: string | null;
            erased_at: string | null;
            is_overdue: boolean;
        };
        QueuedRefundRequest: {
            id: string;
            payment_id: string;
            /** @enum {string} */
            kind: "unused" | "duplicate";
            /** @enum {string} */
            prefers: "source" | "credit";
            amount: string | null;
            reason: string;
            /** @enum {string} */
            state: "open" | "approved" | "declined" | "withdrawn";
            /** @enum {string} */
            outcome: "" | "source" | "credit";
            approved: string | null;
            note: string;
            created_at: string;
            due_at: string;
            decided_at: string | null;
            account_id: string;
            requested_by: string | null;
            filed_by: string | null;
            decided_by: string | null;
            refund_id: string | null;
            is_overdue: boolean;
        };
        QueuedSupportThread: {
            id: string;
            email: string;
            subject: string;
            payment_method: string;
            payment_reference: string;
            job_id: string | null;
            amount: string;
            /** @enum {string} */
            state: "open" | "answered" | "closed";
            created_at: string;
            due_at: string;
            closed_at: string | null;
            account_id: string | null;
            person_id: string | null;
            filed_by: string | null;
            language: string;
            is_overdue: boolean;
            messages: components["schemas"]["MessageView"][];
        };
        QueuedSupportView: {
            id: string;
            email: string;
            subject: string;
            payment_method: string;
            payment_reference: string;
            job_id: string | null;
            amount: string;
            /** @enum {string} */
            state: "open" | "answered" | "closed";
            created_at: string;
            due_at: string;
            closed_at: string | null;
            account_id: string | null;
            person_id: string | null;
            filed_by: string | null;
            language: string;
            is_overdue: boolean;
        };
        QueuedWithdrawalView: {
            id: string;
            /** @enum {string} */
            kind: "payout" | "migration";
            amount: string;
            currency: string;
            paid_minor: number | null;
            destination: string;
            to_account_id: string | null;
            reason: string;
            /** @enum {string} */
            state: "asked" | "seconding" | "approved" | "done" | "failed" | "declined" | "cancelled";
            note: string;
            payout_ref: string;
            created_at: string;
            due_at: string;
            decided_at: string | null;
            account_id: string;
            requested_by: string | null;
            closing_id: string | null;
            approved_by: string | null;
            seconded_by: string | null;
            is_overdue: boolean;
        };
        Reason: {
            reason: string;
        };
        ReceiptView: {
            id: string;
            /**
             * @default job
             * @constant
             */
            object: "job";
            /** @enum {string} */
            status: "open" | "settled" | "voided" | "refused";
            outcome: ("completed" | "client_disconnected" | "provider_error" | "provider_cut" | "timeout" | "platform_error" | "refused") | null;
            code?: string | null;
            http_status?: number | null;
            endpoint: string;
            model: string;
            stream: boolean | null;
            key_prefix: string;
            created_at: string;
            finished_at?: string | null;
            hold_ms?: number | null;
            first_byte_ms?: number | null;
            latency_ms?: number | null;
            usage?: {
                [key: string]: number | string;
            } | null;
            /** @default none */
            usage_source: string;
            rate_card?: number | null;
            /** @default [] */
            lines: components["schemas"]["PriceLine"][];
            hold?: string | null;
            charge?: string | null;
            charge_reason?: ("test_key" | "whole_hold" | "capped_at_hold" | "written_off") | null;
            balance_after?: string | null;
            /** @default 0 */
            adjusted: string;
        };
        Received: {
            /** @default true */
            received: boolean;
            repeated: boolean;
        };
        RechargeFacts: {
            recharge: components["schemas"]["RechargeFile"];
            payments: components["schemas"]["PaymentView"][];
            account: components["schemas"]["AccountStanding"];
            others: components["schemas"]["RechargeFile"][];
        };
        RechargeFile: {
            id: string;
            /** @enum {string} */
            method: "stripe" | "creem" | "manual";
            /** @enum {string} */
            state: "pending" | "checkout" | "review" | "credited" | "declined" | "expired" | "failed" | "cancelled";
            needs_review: boolean;
            credit: string;
            bonus: string;
            price_minor: number;
            currency: string;
            package: string;
            evidence: string;
            note: string;
            review_note: string;
            checkout_url: string | null;
            checkout_expires_at: string | null;
            created_at: string | null;
            account_id: string;
            requested_by: string | null;
            /** @enum {string} */
            decision: "" | "approved" | "declined";
            reviewed_by: string | null;
            reviewed_at: string | null;
            checkout_ref: string;
        };
        RechargeView: {
            id: string;
            /** @enum {string} */
            method: "stripe" | "creem" | "manual";
            /** @enum {string} */
            state: "pending" | "checkout" | "review" | "credited" | "declined" | "expired" | "failed" | "cancelled";
            needs_review: boolean;
            credit: string;
            bonus: string;
            price_minor: number;
            currency: string;
            package: string;
            evidence: string;
            note: string;
            review_note: string;
            checkout_url: string | null;
            checkout_expires_at: string | null;
            created_at: string | null;
        };
        RedeemedView: {
            code_id: string;
            amount: string;
            balance: string;
            repeated: boolean;
        };
        Refreshed: {
            added: number;
        };
        RefundApproval: {
            amount?: string | null;
            to?: ("source" | "credit") | null;
            /** @default  */
            note: string;
        };
        RefundDecline: {
            note: string;
        };
        RefundEnd: {
            /** @enum {string} */
            outcome: "done" | "given_up";
            /** @default  */
            reference: string;
            note: string;
        };
        RefundRequestView: {
            id: string;
            payment_id: string;
            /** @enum {string} */
            kind: "unused" | "duplicate";
            /** @enum {string} */
            prefers: "source" | "credit";
            amount: string | null;
            reason: string;
            /** @enum {string} */
            state: "open" | "approved" | "declined" | "withdrawn";
            /** @enum {string} */
            outcome: "" | "source" | "credit";
            approved: string | null;
            note: string;
            created_at: string;
            due_at: string;
            decided_at: string | null;
        };
        RefundReview: {
            id: string;
            payment_id: string;
            /** @enum {string} */
            kind: "unused" | "duplicate";
            /** @enum {string} */
            prefers: "source" | "credit";
            amount: string | null;
            reason: string;
            /** @enum {string} */
            state: "open" | "approved" | "declined" | "withdrawn";
            /** @enum {string} */
            outcome: "" | "source" | "credit";
            approved: string | null;
            note: string;
            created_at: string;
            due_at: string;
            decided_at: string | null;
            account_id: string;
            requested_by: string | null;
            filed_by: string | null;
            decided_by: string | null;
            refund_id: string | null;
            is_overdue: boolean;
            payment: components["schemas"]["ReviewedPayment"];
            rule: components["schemas"]["RefundRule"];
            account: components["schemas"]["ReviewedAccount"];
            lots: components["schemas"]["farebox__control__admin__standing__LotView"][];
        };
        RefundRule: {
            /** @enum {string} */
            unused: "review" | "discretion" | "none";
            /** @enum {string} */
            duplicate: "source_or_credit" | "source";
            until: string | null;
        };
        RefundRules: {
            /** @enum {string} */
            unused: "review" | "discretion" | "none";
            window_days: number;
            not_while_disputed: boolean;
            /** @enum {string} */
            duplicate: "source_or_credit" | "source";
            answer_business_days: number;
            charge_window_days: number;
            charge_answer_business_days: number;
            credit_days: number;
            /** @enum {string} */
            at_closing: "return" | "forfeit";
            /** @enum {string} */
            at_closing_for_breach: "return" | "may_forfeit" | "forfeit";
        };
        RefundView: {
            id: string;
            payment_id: string;
            reference: string;
            /** @enum {string} */
            state: "asked" | "manual" | "pending" | "succeeded" | "failed";
            gross_minor: number;
            is_ours: boolean;
            asked_by: string;
            reason: string;
            error: string;
            created_at: string | null;
        };
        RefundablePayment: {
            payment_id: string;
            paid_at: string | null;
            paid_minor: number;
            currency: string;
            is_duplicate: boolean;
            credited: string;
            refundable: string;
            refundable_minor: number;
            has_open_dispute: boolean;
        };
        RefundablePayments: {
            data: components["schemas"]["RefundablePayment"][];
        };
        Refusal: {
            reason: string;
        };
        Refusing: {
            note: string;
        };
        Remark: {
            /** @default  */
            note: string;
        };
        Reply: {
            message: string;
            /** @default false */
            close: boolean;
        };
        ReplyTemplate: {
            name: string;
            language: string;
            message: string;
        };
        ReplyTemplates: {
            data: components["schemas"]["ReplyTemplate"][];
        };
        Resend: {
            email: string;
            proof?: string | null;
        };
        ReviewLine: {
            id: string;
            account_id: string;
            email: string;
            /** @enum {string} */
            status: "open" | "closed";
            opened_at: string;
            decision: string;
            /** @enum {string} */
            account_status: "active" | "frozen" | "closed";
            balance: string;
            held: string;
            signals: string[];
            has_frozen: boolean;
        };
        ReviewView: {
            case: components["schemas"]["CaseView"];
            standing: components["schemas"]["AccountStanding"];
            account: components["schemas"]["farebox__control__admin__accounts__schemas__AccountView"];
            bars: string[];
            signals: components["schemas"]["SignalView"][];
            decisions: components["schemas"]["DecidedView"][];
            payments: components["schemas"]["PaymentFile"][];
            disputes: components["schemas"]["DisputeView"][];
        };
        ReviewedAccount: {
            email: string;
            created_at: string | null;
            status: string;
            status_reason: string;
            balance: string;
            held: string;
            owed: string;
            recharges: number;
            recharged: string;
            refunds_before: number;
            disputes: number;
            open_cases: string[];
            closed_cases: number;
            signals: components["schemas"]["SignalView"][];
            charged: string;
            provider_cost: string;
        };
        ReviewedPayment: {
            provider: string;
            reference: string;
            state: string;
            problem: string;
            paid_at: string | null;
            paid_minor: number;
            currency: string;
            credited: string;
            used: string;
            taken_back: string;
            refundable: string;
            refundable_minor: number;
            has_open_dispute: boolean;
        };
        Revocation: {
            /** @default  */
            reason: string;
        };
        RouteBody: {
            channel: string;
            upstream_model: string;
            /** @default 0 */
            priority: number;
            /** @default 1 */
            weight: number;
            cost?: (components["schemas"]["PerTokenView"] | components["schemas"]["PerCallView"]) | null;
        };
        RouteView: {
            channel: string;
            upstream_model: string;
            priority: number;
            weight: number;
            cost: components["schemas"]["PerTokenView"] | components["schemas"]["PerCallView"];
        };
        RuleView: {
            /** @enum {string} */
            signal: "key_networks" | "spend_velocity" | "refusal_ratio" | "load" | "failed_payments" | "card_testing" | "shared_payment_method" | "shared_device" | "shared_address" | "disposable_mail" | "provider_denial" | "key_reported";
            threshold: number;
            window_minutes: number;
            /** @enum {string} */
            action: "note" | "review" | "freeze";
            least: number;
        };
        ScopesChange: {
            scopes: string[];
            /** @default  */
            reason: string;
        };
        SecondFactorNeeded: {
            methods: ("totp" | "backup_code" | "passkey")[];
        };
        SecurityView: {
            has_password: boolean;
            totp_since: string | null;
            passkeys: components["schemas"]["PasskeyView"][];
            backup_codes_left: number;
            oidc: string[];
        };
        SeriesView: {
            since: string;
            until: string;
            /** @enum {string} */
            step: "hour" | "day";
            /** @enum {string} */
            split: "nothing" | "model" | "key" | "member";
            data: components["schemas"]["PointView"][];
            total: components["schemas"]["UsageCounts"];
        };
        SessionView: {
            person_id: string;
            email: string;
            email_verified: boolean;
            display_name: string;
            language: string;
            account_id: string | null;
            role: ("owner" | "developer" | "billing") | null;
            scopes: string[];
            has_second_factor: boolean;
            proved_until: string | null;
        };
        SessionsEnded: {
            ended: number;
        };
        Shown: {
            id: string;
            /** @enum {string} */
            kind: "maintenance" | "price_change" | "terms" | "general";
            title: string;
            body: string;
            shown_from: string;
            starts_at: string | null;
            ends_at: string | null;
            is_banner: boolean;
        };
        ShownList: {
            data: components["schemas"]["Shown"][];
        };
        SignIn: {
            email: string;
            password: string;
        };
        SignUp: {
            password: string;
            /** @default  */
            display_name: string;
            /**
             * @default en
             * @enum {string}
             */
            language: "en" | "zh-CN" | "zh-TW" | "ja";
            /**
             * @default {
             *       "of_age": false,
             *       "accurate_details": false
             *     }
             */
            statements: components["schemas"]["StatementsMade"];
            terms_version?: number | null;
            email: string;
            proof?: string | null;
        };
        SignUpRules: {
            /** @enum {string} */
            mode: "open" | "invited" | "approved";
            proof_of_work: boolean;
            least_age: number;
            accurate_details: boolean;
            country: boolean;
            terms_version: number | null;
        };
        SignalView: {
            id: string;
            account_id: string;
            /** @enum {string} */
            kind: "key_networks" | "spend_velocity" | "refusal_ratio" | "load" | "failed_payments" | "card_testing" | "shared_payment_method" | "shared_device" | "shared_address" | "disposable_mail" | "provider_denial" | "key_reported";
            subject: string;
            measured: number;
            threshold: number;
            window_minutes: number;
            /** @enum {string} */
            action: "note" | "review" | "freeze";
            has_frozen: boolean;
            facts: {
                [key: string]: unknown;
            };
            case_id: string | null;
            raised_at: string;
        };
        SignedByAuthenticator: {
            clientDataJSON: string;
            authenticatorData: string;
            signature: string;
            userHandle?: string | null;
        };
        SiteTextView: {
            /** @enum {string} */
            kind: "privacy" | "refund_rules" | "imprint";
            version: number;
            published_at: string;
            title: string;
            body: string;
        };
        SiteView: {
            name: string;
            operator: string;
            contact_mail: string;
            links: components["schemas"]["LinkView"][];
            base_url: string;
            unit: string;
            texts: ("privacy" | "refund_rules" | "imprint")[];
        };
        SpendView: {
            model: string;
            jobs: number;
            amount: string;
        };
        StatementItem: {
            id: string;
            number: number;
            account_id: string;
            month: string;
            unit: string;
            opening: string;
            closing: string;
            made_at: string;
        };
        StatementView: {
            id: string;
            number: number;
            account_id: string;
            month: string;
            unit: string;
            opening: string;
            closing: string;
            made_at: string;
            issuer: components["schemas"]["IssuerView"];
            billed: components["schemas"]["BilledView"];
            sums: components["schemas"]["SumView"][];
            spend: components["schemas"]["SpendView"][];
            movements: components["schemas"]["MovementView"][];
        };
        StatementsMade: {
            /** @default false */
            of_age: boolean;
            /** @default false */
            accurate_details: boolean;
            country?: string | null;
        };
        StatusView: {
            days: number;
            data: components["schemas"]["FamilyView"][];
        };
        StopState: {
            stops: components["schemas"]["farebox__control__admin__stop__schemas__StopView"][];
            running_jobs: number;
        };
        SumView: {
            kind: string;
            count: number;
            amount: string;
        };
        SupportThread: {
            id: string;
            email: string;
            subject: string;
            payment_method: string;
            payment_reference: string;
            job_id: string | null;
            amount: string;
            /** @enum {string} */
            state: "open" | "answered" | "closed";
            created_at: string;
            due_at: string;
            closed_at: string | null;
            messages: components["schemas"]["MessageView"][];
        };
        SupportView: {
            id: string;
            email: string;
            subject: string;
            payment_method: string;
            payment_reference: string;
            job_id: string | null;
            amount: string;
            /** @enum {string} */
            state: "open" | "answered" | "closed";
            created_at: string;
            due_at: string;
            closed_at: string | null;
        };
        Target: {
            /** @enum {string} */
            scope: "all" | "provider" | "channel" | "model";
            /** @default  */
            target: string;
        };
        TemplateText: {
            message: string;
        };
        TermsText: {
            title: string;
            body: string;
            /** @default  */
            summary: string;
        };
        TermsView: {
            version: number;
            effective_at: string;
            is_material: boolean;
            title: string;
            body: string;
        };
        TextView: {
            title: string;
            /** @default  */
            body: string;
        };
        TierView: {
            up_to_input_tokens: number | null;
            per_call: string;
        };
        TokenMade: {
            token: components["schemas"]["TokenView"];
            secret: string;
        };
        TokenPricesView: {
            input: string;
            output: string;
            cached_input?: string | null;
            cache_write?: string | null;
            cache_write_1h?: string | null;
            image_input?: string | null;
            audio_input?: string | null;
            reasoning?: string | null;
            image_output?: string | null;
            audio_output?: string | null;
        };
        TokenView: {
            id: string;
            name: string;
            prefix: string;
            scopes: string[];
            created_by: string | null;
            created_at: string;
            expires_at: string | null;
            revoked_at: string | null;
        };
        TotpConfirmation: {
            code: string;
        };
        TotpEnrolment: {
            secret: string;
            uri: string;
        };
        TracesView: {
            kind: string;
            count: number;
            addresses: number;
            devices: number;
            countries: string[];
            last_at: string;
        };
        TrafficView: {
            answered: number;
            refused: number;
            faults: number;
            rate_limited: number;
            auth_faults: number;
            route_faults: number;
            average_first_byte_ms: number | null;
        };
        TreatmentChosen: {
            /** @enum {string} */
            treatment: "return" | "forfeit";
            /** @default  */
            note: string;
        };
        TrialView: {
            ok: boolean;
            fault: string | null;
            status: number | null;
            connect_ms: number | null;
            first_byte_ms: number | null;
            latency_ms: number | null;
            answer: string;
        };
        Tried: {
            model: string;
            rates: components["schemas"]["PerTokenView"] | components["schemas"]["PerCallView"];
        };
        Trying: {
            model?: string | null;
        };
        TypedCode: {
            code: string;
        };
        UsageCounts: {
            jobs: number;
            voided: number;
            input_tokens: number;
            cached_input_tokens: number;
            cache_write_tokens: number;
            output_tokens: number;
            reasoning_tokens: number;
            charge: string;
        };
        UsedPasskey: {
            id: string;
            rawId: string;
            /** @constant */
            type: "public-key";
            response: components["schemas"]["SignedByAuthenticator"];
        };
        ValidationError: {
            loc: (string | number)[];
            msg: string;
            type: string;
            input?: unknown;
            ctx?: Record<string, never>;
        };
        VerdictBody: {
            /** @enum {string} */
            decision: "nothing" | "note" | "freeze" | "unfreeze" | "limits";
            /** @default  */
            note: string;
            limits?: components["schemas"]["LimitsView"] | null;
        };
        VersionText: {
            title: string;
            body: string;
        };
        VersionView: {
            version: number;
            effective_at: string;
            is_material: boolean;
            created_at: string;
            texts: {
                [key: string]: components["schemas"]["VersionText"];
            };
        };
        Versions: {
            data: components["schemas"]["VersionView"][];
        };
        Voiding: {
            reason: string;
        };
        Waiting: {
            account_id: string;
            email: string;
            /** @enum {string} */
            code: "approval_pending" | "region_not_served";
            since: string;
        };
        WaitingFacts: {
            account_id: string;
            email: string;
            /** @enum {string} */
            code: "approval_pending" | "region_not_served";
            since: string;
            name: string;
            country: string;
            account: components["schemas"]["AccountStanding"];
            cases: components["schemas"]["CaseView"][];
            traces: components["schemas"]["TracesView"][];
        };
        WaitingView: {
            recharges: number;
            refunds: number;
            adjustments: number;
            withdrawals: number;
            closings: number;
            support: number;
            approvals: number;
        };
        WatchView: {
            low_balance?: string | null;
            daily_spend?: string | null;
            monthly_spend?: string | null;
        };
        WebhookList: {
            data: components["schemas"]["WebhookView"][];
        };
        WebhookMade: {
            webhook: components["schemas"]["WebhookView"];
            secret: string;
        };
        WebhookSettings: {
            url: string;
            events: ("low_balance" | "spend_alert" | "key.created" | "key.rotated" | "key.revoked" | "key.leaked" | "recharge.credited" | "recharge.declined" | "refund.decided" | "dispute.opened" | "dispute.decided" | "adjustment.decided" | "account.frozen" | "account.unfrozen")[];
        };
        WebhookView: {
            id: string;
            url: string;
            events: string[];
            /** @enum {string} */
            status: "active" | "disabled";
            failing_since: string | null;
            created_at: string;
        };
        WhyNot: {
            note: string;
        };
        WithdrawalFacts: {
            id: string;
            /** @enum {string} */
            kind: "payout" | "migration";
            amount: string;
            currency: string;
            paid_minor: number | null;
            destination: string;
            to_account_id: string | null;
            reason: string;
            /** @enum {string} */
            state: "asked" | "seconding" | "approved" | "done" | "failed" | "declined" | "cancelled";
            note: string;
            payout_ref: string;
            created_at: string;
            due_at: string;
            decided_at: string | null;
            account_id: string;
            requested_by: string | null;
            closing_id: string | null;
            approved_by: string | null;
            seconded_by: string | null;
            is_overdue: boolean;
            needs_two: boolean;
            account: components["schemas"]["AccountStanding"];
            lots: components["schemas"]["farebox__control__admin__standing__LotView"][];
        };
        WithdrawalView: {
            id: string;
            /** @enum {string} */
            kind: "payout" | "migration";
            amount: string;
            currency: string;
            paid_minor: number | null;
            destination: string;
            to_account_id: string | null;
            reason: string;
            /** @enum {string} */
            state: "asked" | "seconding" | "approved" | "done" | "failed" | "declined" | "cancelled";
            note: string;
            payout_ref: string;
            created_at: string;
            due_at: string;
            decided_at: string | null;
        };
        WorkerView: {
            id: string;
            started_at: string;
            silent_s: number;
            is_silent: boolean;
        };
        WrittenText: {
            title: string;
            body: string;
        };
        farebox__control__account__schemas__AccountView: {
            /** @default  */
            name: string;
            /**
             * @default {
             *       "name": "",
             *       "tax_id": "",
             *       "address": "",
             *       "country": ""
             *     }
             */
            billing: components["schemas"]["BillingView"];
            id: string;
            email: string;
            /** @enum {string} */
            status: "active" | "frozen" | "closed";
            bars: string[];
            terms_accepted: boolean;
            created_at: string;
        };
        farebox__control__account_overview__schemas__OverviewView: {
            unit: string;
            /** @enum {string} */
            status: "active" | "frozen" | "closed";
            balance: string;
            held: string;
            spendable: string;
            debt: string;
            open_jobs: number;
            spent_today: string;
            spent_this_month: string;
            low_balance: components["schemas"]["LowBalance"];
            recent_jobs: components["schemas"]["CallView"][];
            open_cases: components["schemas"]["OpenCase"][];
        };
        farebox__control__admin__accounts__schemas__AccountView: {
            id: string;
            email: string;
            name: string;
            /** @enum {string} */
            status: "active" | "frozen" | "closed";
            status_reason: string;
            created_at: string;
            group: string | null;
            limits: components["schemas"]["LimitsView"];
            credits: components["schemas"]["CreditsView"];
            statement: components["schemas"]["LineView"][];
            statements: components["schemas"]["StatementItem"][];
            jobs: components["schemas"]["CallView"][];
            keys: components["schemas"]["KeyLine"][];
            members: components["schemas"]["MemberLine"][];
            cases: components["schemas"]["CaseView"][];
            signals: components["schemas"]["SignalView"][];
            traces: components["schemas"]["TracesView"][];
        };
        farebox__control__admin__approvals__schemas__Decision: {
            /** @default  */
            note: string;
        };
        farebox__control__admin__channels__schemas__KeyView: {
            id: string;
            enabled: boolean;
            created_at: string;
            /** @enum {string} */
            health: "closed" | "half_open" | "open";
        };
        farebox__control__admin__channels__schemas__NewKey: {
            api_key: string;
        };
        farebox__control__admin__disputes__schemas__Decision: {
            /** @enum {string} */
            decision: "won" | "lost";
            note: string;
        };
        farebox__control__admin__overview__schemas__OverviewView: {
            calls: components["schemas"]["CallsView"];
            margin_today: components["schemas"]["MarginCounts"] | null;
            margin_complete_until: string;
            waiting: components["schemas"]["WaitingView"];
            open_cases: {
                [key: string]: number;
            };
            waiting_mail: number;
            delivery_unknown: number;
            stops: components["schemas"]["farebox__control__admin__overview__schemas__StopView"][];
            workers: components["schemas"]["WorkerView"][];
        };
        farebox__control__admin__overview__schemas__StopView: {
            scope: string;
            target: string;
            reason: string;
            created_at: string;
        };
        farebox__control__admin__standing__LotView: {
            id: string;
            kind: string;
            original: string;
            remaining: string;
            expires_at: string | null;
            reference: string;
            created_at: string;
        };
        farebox__control__admin__stop__schemas__StopView: {
            /** @enum {string} */
            scope: "all" | "provider" | "channel" | "model";
            target: string;
            reason: string;
            now: boolean;
            since: string;
        };
        farebox__control__admin__winddown__schemas__LotView: {
            lot_id: string;
            kind: string;
            reference: string;
            payment_id: string | null;
            provider: string | null;
            paid_at: string | null;
            paid_minor: number | null;
            paid_currency: string | null;
            remaining: string;
            refundable_minor: number | null;
        };
        farebox__control__keys__schemas__KeyView: {
            /** @default  */
            name: string;
            expires_at?: string | null;
            /** @default [] */
            models: string[];
            /** @default [] */
            networks: string[];
            /** @default [] */
            cors_origins: string[];
            /** @default true */
            sees_balance: boolean;
            /** @default {} */
            limits: components["schemas"]["LimitsView"];
            id: string;
            /** @enum {string} */
            kind: "live" | "test";
            prefix: string;
            /** @enum {string} */
            status: "active" | "revoked";
            created_at: string;
            last_used_at: string | null;
            spent_today: string;
            spent: string;
        };
        farebox__control__keys__schemas__NewKey: {
            /** @default  */
            name: string;
            expires_at?: string | null;
            /** @default [] */
            models: string[];
            /** @default [] */
            networks: string[];
            /** @default [] */
            cors_origins: string[];
            /** @default true */
            sees_balance: boolean;
            /** @default {} */
            limits: components["schemas"]["LimitsView"];
            /**
             * @default live
             * @enum {string}
             */
            kind: "live" | "test";
        };
        Problem: {
            /** @constant */
            type: "about:blank";
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code?: "account_and_amount_needed" | "account_closed" | "account_frozen" | "address_not_allowed" | "already_closed" | "already_customer" | "already_decided" | "already_ended" | "already_enrolled" | "already_in_force" | "already_invited" | "already_made" | "already_member" | "already_open" | "already_operator" | "already_void" | "amount_not_offered" | "amount_out_of_range" | "amount_too_small" | "approval_pending" | "bad_expiry" | "bad_link" | "bad_signature" | "balance_left" | "before_last_version" | "before_the_call" | "ceiling_too_low" | "code_expired" | "code_mistyped" | "code_redeemed" | "code_void" | "credit_already" | "disposable_mail" | "dispute_open" | "email_not_verified" | "empty_span" | "ends_before_it_starts" | "ends_before_start" | "english_missing" | "evidence_missing" | "evidence_used" | "first_price" | "foreign_origin" | "group_in_use" | "has_credit" | "idempotency_mismatch" | "in_the_future" | "in_the_past" | "internal_error" | "invalid_api_key" | "invalid_base_url" | "invalid_channel" | "invalid_percentage" | "invalid_price" | "invalid_request" | "invalid_token" | "invitation_needed" | "invitation_over" | "is_operator" | "job_gone" | "job_not_found" | "key_missing" | "key_revoked" | "last_operator" | "last_owner" | "last_way_in" | "ledger_refused" | "limits_missing" | "link_over" | "method_not_kept" | "method_not_offered" | "more_than_before" | "more_than_charged" | "more_than_payable" | "more_than_unspent" | "new_account_limit" | "new_account_method" | "no_account" | "no_saved_methods" | "no_such_account" | "not_a_span" | "not_allowed" | "not_an_address" | "not_duplicate" | "not_enrolling" | "not_failed" | "not_found" | "not_frozen" | "not_in_review" | "not_kept" | "not_manual" | "not_offered" | "not_open" | "not_positive" | "not_possible" | "not_proven" | "not_published" | "not_readable" | "not_refundable" | "not_signed_in" | "not_switchable" | "not_to_decide" | "not_waiting" | "note_missing" | "nothing_charged" | "nothing_to_refund" | "nothing_unused" | "notice_too_short" | "oidc_linked" | "oidc_refused" | "oidc_unavailable" | "oidc_unknown" | "origin_disputed" | "other_account" | "other_address" | "own_recharge" | "own_request" | "package_not_offered" | "passkey_known" | "passkey_refused" | "password_changed" | "payment_provider_away" | "payment_provider_refused" | "people_only" | "proof_missing" | "proof_over" | "proof_used" | "proof_wrong" | "reason_missing" | "reference_used" | "refund_instead" | "region_not_served" | "request_too_large" | "risk_case_open" | "role_not_allowed" | "route_twice" | "scope_missing" | "scopes_missing" | "second_factor_required" | "sign_in_again" | "sign_in_expired" | "sign_in_first" | "simulator_channel" | "source_only" | "span_too_long" | "start_missing" | "statement_missing" | "terms_not_accepted" | "test_money" | "test_waiting" | "thread_full" | "threshold_out_of_range" | "token_expired" | "too_late" | "too_many_attempts" | "too_many_invitations" | "too_many_keys" | "too_many_lines" | "too_many_of_batch" | "too_many_open" | "too_many_passkeys" | "too_many_points" | "too_many_webhooks" | "try_again" | "two_people" | "unavailable" | "under_way" | "unknown_account" | "unknown_channel" | "unknown_code" | "unknown_group" | "unknown_model" | "unknown_scope" | "url_refused" | "weak_password" | "webhook_disabled" | "whole_only" | "wrong_code" | "wrong_credentials" | "wrong_password" | "wrong_second_factor";
            field?: string;
            values?: {
                [key: string]: string | number;
            };
            errors?: {
                at: string[];
                message: string;
                /** @enum {string} */
                kind: "missing" | "unknown_field" | "too_short" | "too_long" | "too_small" | "too_large" | "not_a_number" | "not_a_choice" | "not_a_moment" | "not_an_id" | "wrong_form";
                bound?: number;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    who_am_i_api_session_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
        };
    };
    sign_in_api_session_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"] | components["schemas"]["SecondFactorNeeded"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactorNeeded"];
                };
            };
        };
    };
    sign_out_api_session_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_second_factor_api_session_second_factor_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FactorShown"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
        };
    };
    passkey_options_api_session_passkey_options_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyOptions"];
                };
            };
        };
    };
    sign_in_by_passkey_api_session_passkey_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UsedPasskey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
        };
    };
    prove_api_session_prove_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FactorShown"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
        };
    };
    choose_account_api_session_account_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChosenAccount"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
        };
    };
    list_sessions_api_sessions_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenSessions"];
                };
            };
        };
    };
    end_others_api_sessions_end_others_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionsEnded"];
                };
            };
        };
    };
    end_session_api_sessions__session_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_security_api_security_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecurityView"];
                };
            };
        };
    };
    enrol_totp_api_security_totp_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Enrolling"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpEnrolment"];
                };
            };
        };
    };
    remove_totp_api_security_totp_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    confirm_totp_api_security_totp_confirm_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpConfirmation"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupCodes"];
                };
            };
        };
    };
    renew_backup_codes_api_security_backup_codes_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupCodes"];
                };
            };
        };
    };
    new_passkey_options_api_security_passkeys_options_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Enrolling"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyOptions"];
                };
            };
        };
    };
    add_passkey_api_security_passkeys_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasskey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyAdded"];
                };
            };
        };
    };
    rename_passkey_api_security_passkeys__passkey_id__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                passkey_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyName"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyView"];
                };
            };
        };
    };
    remove_passkey_api_security_passkeys__passkey_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                passkey_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_providers_api_session_oidc_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OidcProviders"];
                };
            };
        };
    };
    depart_api_session_oidc__name__post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Departure"];
                };
            };
        };
    };
    depart_to_link_api_security_oidc__name__post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Enrolling"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Departure"];
                };
            };
        };
    };
    unlink_api_security_oidc__name__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    come_back_api_session_oidc__name__callback_get: {
        parameters: {
            query?: {
                state?: string;
                code?: string;
                iss?: string | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    change_password_api_password_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    forgotten_api_password_forgotten_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Forgotten"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OnItsWay"];
                };
            };
        };
    };
    set_password_api_password_set_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailedLink"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_keys_api_keys_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_KeyView_"];
                };
            };
        };
    };
    create_key_api_keys_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["farebox__control__keys__schemas__NewKey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyMade"];
                };
            };
        };
    };
    show_key_api_keys__key_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["farebox__control__keys__schemas__KeyView"];
                };
            };
        };
    };
    change_key_api_keys__key_id__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeySettings"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["farebox__control__keys__schemas__KeyView"];
                };
            };
        };
    };
    rotate_key_api_keys__key_id__rotate_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyMade"];
                };
            };
        };
    };
    revoke_key_api_keys__key_id__revoke_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["farebox__control__keys__schemas__KeyView"];
                };
            };
        };
    };
    report_leak_api_keys__key_id__report_leak_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeakReport"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["farebox__control__keys__schemas__KeyView"];
                };
            };
        };
    };
    show_overview_api_overview_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["farebox__control__account_overview__schemas__OverviewView"];
                };
            };
        };
    };
    list_jobs_api_jobs_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
                key_id?: string | null;
                model?: string | null;
                status?: ("open" | "settled" | "voided" | "refused") | null;
                outcome?: ("completed" | "client_disconnected" | "provider_error" | "provider_cut" | "timeout" | "platform_error" | "refused") | null;
                code?: string | null;
                stream?: boolean | null;
                min_cost?: string | null;
                since?: string | null;
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CallView_"];
                };
            };
        };
    };
    export_jobs_api_jobs_csv_get: {
        parameters: {
            query?: {
                bom?: boolean;
                key_id?: string | null;
                model?: string | null;
                status?: ("open" | "settled" | "voided" | "refused") | null;
                outcome?: ("completed" | "client_disconnected" | "provider_error" | "provider_cut" | "timeout" | "platform_error" | "refused") | null;
                code?: string | null;
                stream?: boolean | null;
                min_cost?: string | null;
                since?: string | null;
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    show_job_api_jobs__job_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptView"];
                };
            };
        };
    };
    show_usage_api_usage_get: {
        parameters: {
            query?: {
                step?: "hour" | "day";
                split?: "nothing" | "model" | "key" | "member";
                since?: string | null;
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SeriesView"];
                };
            };
        };
    };
    export_usage_api_usage_csv_get: {
        parameters: {
            query?: {
                step?: "hour" | "day";
                split?: "nothing" | "model" | "key" | "member";
                since?: string | null;
                until?: string | null;
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    show_credits_api_credits_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreditsView"];
                };
            };
        };
    };
    list_lots_api_credits_lots_get: {
        parameters: {
            query?: {
                with_credit?: boolean;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LotItem_"];
                };
            };
        };
    };
    list_lines_api_ledger_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
                kind?: string | null;
                since?: string | null;
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LineView_"];
                };
            };
        };
    };
    export_lines_api_ledger_csv_get: {
        parameters: {
            query?: {
                bom?: boolean;
                kind?: string | null;
                since?: string | null;
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    show_options_api_recharges_options_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OptionsView"];
                };
            };
        };
    };
    list_recharges_api_recharges_get: {
        parameters: {
            query?: {
                state?: ("pending" | "checkout" | "review" | "credited" | "declined" | "expired" | "failed" | "cancelled") | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RechargeView_"];
                };
            };
        };
    };
    create_recharge_api_recharges_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRecharge"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RechargeView"];
                };
            };
        };
    };
    show_recharge_api_recharges__recharge_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recharge_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RechargeView"];
                };
            };
        };
    };
    cancel_api_recharges__recharge_id__cancel_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recharge_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RechargeView"];
                };
            };
        };
    };
    redeem_code_api_codes_redeem_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TypedCode"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedeemedView"];
                };
            };
        };
    };
    show_api_auto_recharge_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutoRechargeView"];
                };
            };
        };
    };
    agree_api_auto_recharge_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Agreement"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutoRechargeView"];
                };
            };
        };
    };
    end_api_auto_recharge_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutoRechargeView"];
                };
            };
        };
    };
    list_statements_api_statements_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_StatementItem_"];
                };
            };
        };
    };
    export_statement_api_statements__statement_id__csv_get: {
        parameters: {
            query?: {
                bom?: boolean;
            };
            header?: never;
            path: {
                statement_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    print_statement_api_statements__statement_id__html_get: {
        parameters: {
            query?: {
                language?: ("en" | "zh-CN" | "zh-TW" | "ja") | null;
            };
            header?: never;
            path: {
                statement_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    show_statement_api_statements__statement_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                statement_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementView"];
                };
            };
        };
    };
    list_payments_api_payments_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PaymentView_"];
                };
            };
        };
    };
    show_payment_api_payments__payment_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                payment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentView"];
                };
            };
        };
    };
    receive_webhooks__provider__post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: "stripe" | "creem";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Received"];
                };
            };
        };
    };
    show_rules_api_sign_up_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignUpRules"];
                };
            };
        };
    };
    sign_up_api_sign_up_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignUp"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailSent"];
                };
            };
        };
    };
    make_challenge_api_sign_up_challenge_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofChallenge"];
                };
            };
        };
    };
    send_again_api_sign_up_resend_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Resend"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailSent"];
                };
            };
        };
    };
    confirm_api_sign_up_confirm_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Confirmation"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmailConfirmed"];
                };
            };
        };
    };
    look_api_invitations_look_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationSecret"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationShown"];
                };
            };
        };
    };
    accept_api_invitations_accept_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationSecret"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    join_api_invitations_join_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JoinByInvitation"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    list_members_api_members_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Members"];
                };
            };
        };
    };
    list_invitations_api_members_invitations_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitations"];
                };
            };
        };
    };
    invite_api_members_invitations_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMember"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationView"];
                };
            };
        };
    };
    revoke_invitation_api_members_invitations__invitation_id__revoke_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                invitation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    change_role_api_members__person_id__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRole"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Members"];
                };
            };
        };
    };
    remove_api_members__person_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    transfer_api_members__person_id__transfer_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Members"];
                };
            };
        };
    };
    show_api_account_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["farebox__control__account__schemas__AccountView"];
                };
            };
        };
    };
    change_api_account_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountSettings"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["farebox__control__account__schemas__AccountView"];
                };
            };
        };
    };
    accept_api_account_terms_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptedTerms"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["farebox__control__account__schemas__AccountView"];
                };
            };
        };
    };
    show_api_person_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
        };
    };
    change_api_person_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonSettings"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
        };
    };
    export_api_person_export_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalData"];
                };
            };
        };
    };
    erase_api_person_erase_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Erasure"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erased"];
                };
            };
        };
    };
    list_support_requests_api_support_get: {
        parameters: {
            query?: {
                state?: ("open" | "answered" | "closed") | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SupportView_"];
                };
            };
        };
    };
    ask_support_api_support_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSupportRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportThread"];
                };
            };
        };
    };
    show_support_request_api_support__request_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportThread"];
                };
            };
        };
    };
    write_to_support_api_support__request_id__messages_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportThread"];
                };
            };
        };
    };
    close_support_request_api_support__request_id__close_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportView"];
                };
            };
        };
    };
    list_adjustments_api_adjustments_get: {
        parameters: {
            query?: {
                state?: ("open" | "approved" | "declined" | "withdrawn") | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AdjustmentView_"];
                };
            };
        };
    };
    ask_adjustment_api_adjustments_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAdjustment"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdjustmentView"];
                };
            };
        };
    };
    show_adjustment_api_adjustments__request_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdjustmentView"];
                };
            };
        };
    };
    withdraw_adjustment_api_adjustments__request_id__withdraw_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdjustmentView"];
                };
            };
        };
    };
    list_refunds_api_refunds_get: {
        parameters: {
            query?: {
                state?: ("open" | "approved" | "declined" | "withdrawn") | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RefundRequestView_"];
                };
            };
        };
    };
    ask_refund_api_refunds_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRefundRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundRequestView"];
                };
            };
        };
    };
    list_refundable_api_refunds_refundable_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundablePayments"];
                };
            };
        };
    };
    show_refund_api_refunds__request_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundRequestView"];
                };
            };
        };
    };
    withdraw_refund_api_refunds__request_id__withdraw_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundRequestView"];
                };
            };
        };
    };
    list_withdrawals_api_withdrawals_get: {
        parameters: {
            query?: {
                state?: ("asked" | "seconding" | "approved" | "done" | "failed" | "declined" | "cancelled") | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_WithdrawalView_"];
                };
            };
        };
    };
    ask_withdrawal_api_withdrawals_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWithdrawal"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawalView"];
                };
            };
        };
    };
    show_offer_api_withdrawals_offer_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferView"];
                };
            };
        };
    };
    show_withdrawal_api_withdrawals__withdrawal_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                withdrawal_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawalView"];
                };
            };
        };
    };
    cancel_withdrawal_api_withdrawals__withdrawal_id__cancel_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                withdrawal_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawalView"];
                };
            };
        };
    };
    show_closing_api_closing_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClosingView"];
                };
            };
        };
    };
    close_account_api_closing_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClosingWish"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClosingView"];
                };
            };
        };
    };
    show_overview_admin_overview_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["farebox__control__admin__overview__schemas__OverviewView"];
                };
            };
        };
    };
    find_accounts_admin_accounts_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
                q?: string | null;
                status?: ("active" | "frozen" | "closed") | null;
                min_balance?: string | null;
                max_balance?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AccountLine_"];
                };
            };
        };
    };
    show_account_admin_accounts__account_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["farebox__control__admin__accounts__schemas__AccountView"];
                };
            };
        };
    };
    freeze_admin_accounts__account_id__freeze_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["farebox__control__admin__accounts__schemas__AccountView"];
                };
            };
        };
    };
    unfreeze_admin_accounts__account_id__unfreeze_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["farebox__control__admin__accounts__schemas__AccountView"];
                };
            };
        };
    };
    change_limits_admin_accounts__account_id__limits_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitsView"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsView"];
                };
            };
        };
    };
    grant_admin_accounts__account_id__grants_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Grant"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Granted"];
                };
            };
        };
    };
    forgive_admin_accounts__account_id__forgive_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Forgiveness"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Forgiven"];
                };
            };
        };
    };
    list_jobs_admin_jobs_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
                account_id?: string | null;
                key_id?: string | null;
                model?: string | null;
                channel_id?: string | null;
                status?: ("settled" | "voided") | null;
                outcome?: ("completed" | "client_disconnected" | "provider_error" | "provider_cut" | "timeout" | "platform_error" | "refused") | null;
                min_cost?: string | null;
                loss?: boolean | null;
                doubt?: ("delivery_unknown" | "written_off") | null;
                since?: string | null;
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_JobView_"];
                };
            };
        };
    };
    export_jobs_admin_jobs_csv_get: {
        parameters: {
            query?: {
                bom?: boolean;
                account_id?: string | null;
                key_id?: string | null;
                model?: string | null;
                channel_id?: string | null;
                status?: ("settled" | "voided") | null;
                outcome?: ("completed" | "client_disconnected" | "provider_error" | "provider_cut" | "timeout" | "platform_error" | "refused") | null;
                min_cost?: string | null;
                loss?: boolean | null;
                doubt?: ("delivery_unknown" | "written_off") | null;
                since?: string | null;
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    show_job_admin_jobs__job_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobView"];
                };
            };
        };
    };
    show_receipt_admin_jobs__job_id__receipt_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptView"];
                };
            };
        };
    };
    adjust_job_admin_jobs__job_id__adjust_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Adjustment"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Adjusted"];
                };
            };
        };
    };
    show_margins_admin_reports_margin_get: {
        parameters: {
            query?: {
                split?: "nothing" | "model" | "channel" | "account";
                step?: "day" | "whole";
                since?: string | null;
                until?: string | null;
                model?: string | null;
                channel_id?: string | null;
                account_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MarginReport"];
                };
            };
        };
    };
    export_margins_admin_reports_margin_csv_get: {
        parameters: {
            query?: {
                split?: "nothing" | "model" | "channel" | "account";
                step?: "day" | "whole";
                bom?: boolean;
                since?: string | null;
                until?: string | null;
                model?: string | null;
                channel_id?: string | null;
                account_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    list_comparisons_admin_reconciliation_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ComparisonView_"];
                };
            };
        };
    };
    show_policy_admin_policy_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyView"];
                };
            };
        };
    };
    list_invitations_admin_invitations_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitations"];
                };
            };
        };
    };
    invite_admin_invitations_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInvitationToOpen"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationView"];
                };
            };
        };
    };
    revoke_admin_invitations__invitation_id__revoke_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                invitation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_waiting_admin_approvals_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Waiting_"];
                };
            };
        };
    };
    show_waiting_admin_approvals__account_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaitingFacts"];
                };
            };
        };
    };
    approve_admin_approvals__account_id__approve_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["farebox__control__admin__approvals__schemas__Decision"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
        };
    };
    decline_admin_approvals__account_id__decline_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refusing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
        };
    };
    allow_region_admin_approvals__account_id__allow_region_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refusing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
        };
    };
    list_all_admin_people_get: {
        parameters: {
            query?: {
                email?: string | null;
                account_id?: string | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PersonView_"];
                };
            };
        };
    };
    show_admin_people__person_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
        };
    };
    suspend_person_admin_people__person_id__suspend_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Deed"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
        };
    };
    restore_person_admin_people__person_id__restore_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Deed"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
        };
    };
    export_admin_people__person_id__export_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Deed"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalData"];
                };
            };
        };
    };
    erase_admin_people__person_id__erase_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Deed"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erased"];
                };
            };
        };
    };
    list_audit_admin_audit_get: {
        parameters: {
            query?: {
                account_id?: string | null;
                action?: string | null;
                actor_id?: string | null;
                since?: string | null;
                until?: string | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditLine_"];
                };
            };
        };
    };
    verify_chain_admin_audit_chain_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChainReport"];
                };
            };
        };
    };
    list_cases_admin_cases_get: {
        parameters: {
            query?: {
                status?: ("open" | "closed") | null;
                kind?: ("account_review" | "risk" | "reconciliation" | "payment" | "dispute" | "provider_account" | "channel" | "provider_balance" | "margin" | "ledger" | "spool" | "overdue" | "delivery_unknown") | null;
                account_id?: string | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CaseView_"];
                };
            };
        };
    };
    show_case_admin_cases__case_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseFacts"];
                };
            };
        };
    };
    close_case_admin_cases__case_id__close_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Closing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
        };
    };
    list_queue_admin_risk_get: {
        parameters: {
            query?: {
                status?: "open" | "closed" | "any";
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ReviewLine_"];
                };
            };
        };
    };
    find_end_user_admin_risk_end_users__end_user_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                end_user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndUser"];
                };
            };
        };
    };
    show_admin_risk__case_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewView"];
                };
            };
        };
    };
    decide_case_admin_risk__case_id__decide_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerdictBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewView"];
                };
            };
        };
    };
    list_signals_admin_signals_get: {
        parameters: {
            query?: {
                account_id?: string | null;
                kind?: ("key_networks" | "spend_velocity" | "refusal_ratio" | "load" | "failed_payments" | "card_testing" | "shared_payment_method" | "shared_device" | "shared_address" | "disposable_mail" | "provider_denial" | "key_reported") | null;
                action?: ("note" | "review" | "freeze") | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SignalView_"];
                };
            };
        };
    };
    list_rules_admin_signals_rules_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleView"][];
                };
            };
        };
    };
    export_evidence_admin_evidence_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EvidenceWanted"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
        };
    };
    list_queue_admin_support_get: {
        parameters: {
            query?: {
                state?: ("open" | "answered" | "closed") | null;
                account_id?: string | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_QueuedSupportView_"];
                };
            };
        };
    };
    file_request_admin_support_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FiledSupportRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuedSupportThread"];
                };
            };
        };
    };
    list_templates_admin_support_templates_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplyTemplates"];
                };
            };
        };
    };
    put_template_admin_support_templates__name___language__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                language: "en" | "zh-CN" | "zh-TW" | "ja";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TemplateText"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplyTemplate"];
                };
            };
        };
    };
    drop_template_admin_support_templates__name___language__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                language: "en" | "zh-CN" | "zh-TW" | "ja";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_queued_request_admin_support__request_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuedSupportThread"];
                };
            };
        };
    };
    reply_to_request_admin_support__request_id__reply_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reply"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuedSupportThread"];
                };
            };
        };
    };
    close_queued_request_admin_support__request_id__close_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuedSupportThread"];
                };
            };
        };
    };
    list_adjustment_queue_admin_adjustments_get: {
        parameters: {
            query?: {
                state?: ("open" | "approved" | "declined" | "withdrawn") | null;
                account_id?: string | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_QueuedAdjustmentView_"];
                };
            };
        };
    };
    file_adjustment_admin_adjustments_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FiledAdjustment"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdjustmentReview"];
                };
            };
        };
    };
    review_adjustment_admin_adjustments__request_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdjustmentReview"];
                };
            };
        };
    };
    approve_adjustment_admin_adjustments__request_id__approve_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdjustmentApproval"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdjustmentReview"];
                };
            };
        };
    };
    decline_adjustment_admin_adjustments__request_id__decline_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdjustmentDecline"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdjustmentReview"];
                };
            };
        };
    };
    list_refund_queue_admin_refund_requests_get: {
        parameters: {
            query?: {
                state?: ("open" | "approved" | "declined" | "withdrawn") | null;
                account_id?: string | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_QueuedRefundRequest_"];
                };
            };
        };
    };
    file_refund_admin_refund_requests_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FiledRefund"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundReview"];
                };
            };
        };
    };
    review_refund_admin_refund_requests__request_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundReview"];
                };
            };
        };
    };
    approve_refund_admin_refund_requests__request_id__approve_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefundApproval"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundReview"];
                };
            };
        };
    };
    decline_refund_admin_refund_requests__request_id__decline_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefundDecline"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundReview"];
                };
            };
        };
    };
    list_withdrawal_queue_admin_withdrawals_get: {
        parameters: {
            query?: {
                state?: ("asked" | "seconding" | "approved" | "done" | "failed" | "declined" | "cancelled") | null;
                account_id?: string | null;
                waiting?: boolean;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_QueuedWithdrawalView_"];
                };
            };
        };
    };
    file_withdrawal_admin_withdrawals_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FiledWithdrawal"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuedWithdrawalView"];
                };
            };
        };
    };
    show_queued_withdrawal_admin_withdrawals__withdrawal_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                withdrawal_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawalFacts"];
                };
            };
        };
    };
    approve_withdrawal_admin_withdrawals__withdrawal_id__approve_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                withdrawal_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Remark"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuedWithdrawalView"];
                };
            };
        };
    };
    decline_withdrawal_admin_withdrawals__withdrawal_id__decline_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                withdrawal_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhyNot"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuedWithdrawalView"];
                };
            };
        };
    };
    record_payout_admin_withdrawals__withdrawal_id__paid_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                withdrawal_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PayoutMade"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuedWithdrawalView"];
                };
            };
        };
    };
    give_back_withdrawal_admin_withdrawals__withdrawal_id__give_back_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                withdrawal_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhyNot"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuedWithdrawalView"];
                };
            };
        };
    };
    list_closings_admin_closings_get: {
        parameters: {
            query?: {
                state?: ("settling" | "deciding" | "returning" | "done") | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_QueuedClosingView_"];
                };
            };
        };
    };
    close_an_account_admin_closings_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorsClosing"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuedClosingView"];
                };
            };
        };
    };
    show_queued_closing_admin_closings__closing_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                closing_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClosingFacts"];
                };
            };
        };
    };
    decide_closing_admin_closings__closing_id__decide_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                closing_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TreatmentChosen"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuedClosingView"];
                };
            };
        };
    };
    list_wind_down_admin_wind_down_get: {
        parameters: {
            query?: {
                state?: ("open" | "paid" | "unreachable") | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ListedView_"];
                };
            };
        };
    };
    list_balances_to_repay_admin_wind_down_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refreshed"];
                };
            };
        };
    };
    export_lots_admin_wind_down_lots_csv_get: {
        parameters: {
            query?: {
                bom?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    show_listed_admin_wind_down__account_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedDetail"];
                };
            };
        };
    };
    mark_listed_admin_wind_down__account_id__mark_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Mark"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedDetail"];
                };
            };
        };
    };
    list_recharges_admin_recharges_get: {
        parameters: {
            query?: {
                state?: ("pending" | "checkout" | "review" | "credited" | "declined" | "expired" | "failed" | "cancelled") | null;
                account_id?: string | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RechargeFile_"];
                };
            };
        };
    };
    show_recharge_admin_recharges__recharge_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recharge_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RechargeFacts"];
                };
            };
        };
    };
    approve_recharge_admin_recharges__recharge_id__approve_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                recharge_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Approval"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RechargeFile"];
                };
            };
        };
    };
    decline_recharge_admin_recharges__recharge_id__decline_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                recharge_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refusal"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RechargeFile"];
                };
            };
        };
    };
    list_batches_admin_codes_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_BatchView_"];
                };
            };
        };
    };
    make_batch_admin_codes_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeBatch"];
                };
            };
        };
    };
    make_batch_as_table_admin_codes_csv_post: {
        parameters: {
            query?: {
                bom?: boolean;
            };
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    find_code_admin_codes_find_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TypedCode"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeView"];
                };
            };
        };
    };
    show_batch_admin_codes__batch_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                batch_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchView"];
                };
            };
        };
    };
    list_codes_admin_codes__batch_id__codes_get: {
        parameters: {
            query?: {
                state?: ("open" | "redeemed" | "void" | "expired") | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path: {
                batch_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CodeView_"];
                };
            };
        };
    };
    void_batch_admin_codes__batch_id__void_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                batch_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Voiding"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchView"];
                };
            };
        };
    };
    void_code_admin_codes__batch_id__codes__code_id__void_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                batch_id: string;
                code_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Voiding"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeView"];
                };
            };
        };
    };
    list_statements_admin_statements_get: {
        parameters: {
            query?: {
                account_id?: string | null;
                limit?: number;
                after?: string | null;
                month?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_StatementItem_"];
                };
            };
        };
    };
    export_statement_admin_statements__statement_id__csv_get: {
        parameters: {
            query?: {
                bom?: boolean;
            };
            header?: never;
            path: {
                statement_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    print_statement_admin_statements__statement_id__html_get: {
        parameters: {
            query?: {
                language?: "en" | "zh-CN" | "zh-TW" | "ja";
            };
            header?: never;
            path: {
                statement_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    show_statement_admin_statements__statement_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                statement_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementView"];
                };
            };
        };
    };
    list_payments_admin_payments_get: {
        parameters: {
            query?: {
                account_id?: string | null;
                with_problem?: boolean | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PaymentFile_"];
                };
            };
        };
    };
    list_events_admin_payments_events_get: {
        parameters: {
            query?: {
                waiting?: boolean | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_EventView_"];
                };
            };
        };
    };
    replay_event_admin_payments_events__event_row_id__replay_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_row_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventView"];
                };
            };
        };
    };
    show_payment_admin_payments__payment_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                payment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentFacts"];
                };
            };
        };
    };
    refund_payment_admin_payments__payment_id__refund_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                payment_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRefund"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundView"];
                };
            };
        };
    };
    end_refund_admin_payments_refunds__refund_id__end_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                refund_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefundEnd"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundView"];
                };
            };
        };
    };
    credit_payment_admin_payments__payment_id__credit_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                payment_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreditAnyway"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentFile"];
                };
            };
        };
    };
    list_disputes_admin_disputes_get: {
        parameters: {
            query?: {
                state?: ("inquiry" | "inquiry_closed" | "open" | "won" | "lost") | null;
                waiting?: boolean;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DisputeView_"];
                };
            };
        };
    };
    show_dispute_admin_disputes__dispute_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                dispute_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DisputeFacts"];
                };
            };
        };
    };
    decide_admin_disputes__dispute_id__decide_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                dispute_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["farebox__control__admin__disputes__schemas__Decision"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DisputeView"];
                };
            };
        };
    };
    list_operators_admin_operators_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operators"];
                };
            };
        };
    };
    add_operator_admin_operators_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOperator"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorView"];
                };
            };
        };
    };
    change_scopes_admin_operators__person_id__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScopesChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorView"];
                };
            };
        };
    };
    revoke_operator_admin_operators__person_id__revoke_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Revocation"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_tokens_admin_tokens_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_TokenView_"];
                };
            };
        };
    };
    create_token_admin_tokens_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenMade"];
                };
            };
        };
    };
    revoke_token_admin_tokens__token_id__revoke_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
        };
    };
    list_channels_admin_channels_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelList"];
                };
            };
        };
    };
    add_channel_admin_channels_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewChannelBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelDetail"];
                };
            };
        };
    };
    list_presets_admin_channels_presets_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PresetList"];
                };
            };
        };
    };
    show_channel_admin_channels__name__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelDetail"];
                };
            };
        };
    };
    change_where_admin_channels__name__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Changed"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelDetail"];
                };
            };
        };
    };
    cap_channel_admin_channels__name__caps_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CapsView"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsView"];
                };
            };
        };
    };
    enable_channel_admin_channels__name__enable_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelDetail"];
                };
            };
        };
    };
    disable_channel_admin_channels__name__disable_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelDetail"];
                };
            };
        };
    };
    add_key_admin_channels__name__keys_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["farebox__control__admin__channels__schemas__NewKey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelDetail"];
                };
            };
        };
    };
    remove_key_admin_channels__name__keys__key_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelDetail"];
                };
            };
        };
    };
    try_out_admin_channels__name__test_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Trying"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialView"];
                };
            };
        };
    };
    list_providers_admin_providers_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderList"];
                };
            };
        };
    };
    cap_provider_admin_providers__name__caps_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CapsView"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
        };
    };
    list_models_admin_models_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
        };
    };
    add_model_admin_models_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewModelBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelMade"];
                };
            };
        };
    };
    show_model_admin_models__name__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelView"];
                };
            };
        };
    };
    replace_model_admin_models__name__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelMade"];
                };
            };
        };
    };
    show_history_admin_prices_get: {
        parameters: {
            query: {
                model: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
        };
    };
    set_prices_admin_prices_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPrices"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceSet"];
                };
            };
        };
    };
    cancel_prices_admin_prices_cancel_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Cancelling"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceSet"];
                };
            };
        };
    };
    preview_prices_admin_prices_preview_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Tried"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EffectView"];
                };
            };
        };
    };
    show_stops_admin_stop_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StopState"];
                };
            };
        };
    };
    confirm_stop_admin_stop_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Confirming"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StopState"];
                };
            };
        };
    };
    prepare_stop_admin_stop_prepare_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Preparing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prepared"];
                };
            };
        };
    };
    resume_admin_stop_resume_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Target"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StopState"];
                };
            };
        };
    };
    current_terms_api_public_terms_get: {
        parameters: {
            query?: {
                language?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrentTerms"];
                };
            };
        };
    };
    one_version_api_public_terms__version__get: {
        parameters: {
            query?: {
                language?: string;
            };
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TermsView"];
                };
            };
        };
    };
    current_text_api_public_texts__kind__get: {
        parameters: {
            query?: {
                language?: string;
            };
            header?: never;
            path: {
                kind: "privacy" | "refund_rules" | "imprint";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteTextView"];
                };
            };
        };
    };
    show_refund_rules_api_public_refund_rules_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundRules"];
                };
            };
        };
    };
    list_announcements_api_public_announcements_get: {
        parameters: {
            query?: {
                language?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShownList"];
                };
            };
        };
    };
    show_preferences_api_notices_preferences_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreferencesView"];
                };
            };
        };
    };
    change_preferences_api_notices_preferences_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MutedKinds"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreferencesView"];
                };
            };
        };
    };
    show_watch_api_notices_watch_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WatchView"];
                };
            };
        };
    };
    change_watch_api_notices_watch_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WatchView"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WatchView"];
                };
            };
        };
    };
    list_webhooks_api_webhooks_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
        };
    };
    create_webhook_api_webhooks_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookSettings"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookMade"];
                };
            };
        };
    };
    change_webhook_api_webhooks__webhook_id__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookSettings"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookView"];
                };
            };
        };
    };
    remove_webhook_api_webhooks__webhook_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    rotate_secret_api_webhooks__webhook_id__rotate_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookMade"];
                };
            };
        };
    };
    enable_webhook_api_webhooks__webhook_id__enable_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookView"];
                };
            };
        };
    };
    disable_webhook_api_webhooks__webhook_id__disable_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookView"];
                };
            };
        };
    };
    test_webhook_api_webhooks__webhook_id__test_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookView"];
                };
            };
        };
    };
    list_deliveries_api_webhooks__webhook_id__deliveries_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DeliveryView_"];
                };
            };
        };
    };
    ask_unsubscribe__token__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    switch_off_unsubscribe__token__post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    list_versions_admin_terms_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versions"];
                };
            };
        };
    };
    publish_admin_terms_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Publishing"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionView"];
                };
            };
        };
    };
    list_texts_admin_texts_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedList"];
                };
            };
        };
    };
    publish_text_admin_texts_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PublishingText"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedText"];
                };
            };
        };
    };
    show_text_admin_texts__kind___version__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: "privacy" | "refund_rules" | "imprint";
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedText"];
                };
            };
        };
    };
    list_announcements_admin_announcements_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AnnouncementView_"];
                };
            };
        };
    };
    announce_admin_announcements_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Announcing"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnnouncementView"];
                };
            };
        };
    };
    withdraw_admin_announcements__announcement_id__withdraw_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                announcement_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnnouncementView"];
                };
            };
        };
    };
    list_mail_admin_mail_get: {
        parameters: {
            query?: {
                state?: ("waiting" | "sending" | "sent" | "failed" | "dropped") | null;
                kind?: string | null;
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_MailView_"];
                };
            };
        };
    };
    show_text_admin_mail__mail_id__text_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                mail_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailText"];
                };
            };
        };
    };
    send_again_admin_mail__mail_id__send_again_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                mail_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailView"];
                };
            };
        };
    };
    list_discounts_admin_discounts_get: {
        parameters: {
            query?: {
                limit?: number;
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DiscountView_"];
                };
            };
        };
    };
    plan_discount_admin_discounts_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDiscount"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiscountView"];
                };
            };
        };
    };
    end_discount_admin_discounts__discount_id__end_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                discount_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Ending"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiscountView"];
                };
            };
        };
    };
    list_groups_admin_groups_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupList"];
                };
            };
        };
    };
    set_group_admin_groups__name__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupList"];
                };
            };
        };
    };
    remove_group_admin_groups__name__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupList"];
                };
            };
        };
    };
    assign_admin_groups_members__account_id__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Assigning"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assigned"];
                };
            };
        };
    };
    list_models_api_public_models_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelsOnSale"];
                };
            };
        };
    };
    list_offers_api_public_offers_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offers"];
                };
            };
        };
    };
    show_status_api_public_status_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusView"];
                };
            };
        };
    };
    show_site_api_public_site_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteView"];
                };
            };
        };
    };
}
