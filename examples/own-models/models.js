import { DataTypes, Sequelize } from 'sequelize';

export const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false });

/** The host's own, in the table `users` of schema `public`. Ours is `users` of schema `fluentmeet`. */
export const User = sequelize.define(
  'User',
  {
    accountId: {
      type: DataTypes.BIGINT,
      primaryKey: true,
      references: { model: { schema: 'fluentmeet', tableName: 'users' }, key: 'id' },
    },
    plan: { type: DataTypes.STRING, allowNull: false, defaultValue: 'free' },
  },
  { tableName: 'users', timestamps: false },
);
